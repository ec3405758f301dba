"""Bytes become lines, whatever the pieces they come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_runner import lines

LIMIT = 10
printable = st.text(
  st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])
)


@pytest.fixture(autouse=True, scope="module")
def short_lines():
  with pytest.MonkeyPatch.context() as patch:
    patch.setattr(lines, "LONGEST", LIMIT)
    yield


def read(chunks):
  texts, rest = [], b""
  for chunk in chunks:
    more, rest = lines.split(rest + chunk)
    texts += more
  return texts, rest


@given(st.lists(st.binary(max_size=60)))
def test_the_pieces_make_no_difference(chunks):
  assert read(chunks) == lines.split(b"".join(chunks))


@given(st.lists(printable.filter(lambda line: len(line.encode()) <= LIMIT)))
def test_lines_come_as_printed(printed):
  data = "".join(f"{line}\n" for line in printed).encode()
  assert lines.split(data) == (printed, b"")


@given(printable)
def test_a_very_long_line_is_cut_between_characters(line):
  texts, rest = lines.split(f"{line}\n".encode())
  assert "".join(texts) == line
  assert not rest
  assert max(len(text.encode()) for text in texts) <= LIMIT


def test_a_line_that_rewrites_itself_shows_its_last_state():
  assert lines.split(b"1%\r50%\r99%\n") == (["99%"], b"")
  assert lines.split(b"windows\r\n") == (["windows"], b"")


def test_what_is_not_utf8_is_replaced_and_still_cut():
  assert lines.split(b"caf\xe9\n") == (["caf�"], b"")
  assert lines.split(b"\x80" * LIMIT + b"\x80\n")[0] == ["�" * LIMIT, "�"]
