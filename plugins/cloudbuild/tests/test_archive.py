"""What a build is given: the same bytes for the same files."""

from __future__ import annotations

import io
import tarfile

from hypothesis import given
from hypothesis import strategies as st

from keras_remote_cloudbuild.archive import pack

FILES = st.dictionaries(
  st.from_regex(r"[a-z]{1,12}(\.txt)?", fullmatch=True), st.binary(max_size=64)
)


@given(files=FILES, random=st.randoms(use_true_random=False))
def test_an_archive_is_what_was_packed_whatever_the_order(files, random):
  items = list(files.items())
  random.shuffle(items)
  packed = pack(dict(items))
  assert packed == pack(files)
  with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
    found = {each.name: archive.extractfile(each).read() for each in archive}
    assert {(each.mtime, each.uid) for each in archive} <= {(0, 0)}
  assert found == files
