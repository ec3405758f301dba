"""A release holds every distribution, whole, and installs from its files."""

from __future__ import annotations

import json
import sys
import tarfile
import zipfile

EXTRAS = "[gke,pathways]"


def test_every_distribution_is_released(dist, sources):
  assert len(list(dist.glob("*.whl"))) == len(sources)
  assert len(list(dist.glob("*.tar.gz"))) == len(sources)


def test_metadata_are_complete(dist, metadata):
  for wheel in dist.glob("*.whl"):
    found = metadata(wheel)
    for name in ("Summary", "Description-Content-Type", "Author"):
      assert found[name], (wheel.name, name)
    assert found["License-Expression"] == "Apache-2.0"
    assert found["License-File"] == "LICENSE"
    assert found["Requires-Python"] == ">=3.11"
    classifiers = found.get_all("Classifier") or []
    assert "Typing :: Typed" in classifiers
    for minor in (11, 12, 13):
      assert f"Programming Language :: Python :: 3.{minor}" in classifiers


def test_all_distributions_name_the_same_places(dist, metadata):
  named = {
    tuple(sorted(metadata(wheel).get_all("Project-URL") or []))
    for wheel in dist.glob("*.whl")
  }
  assert len(named) == 1


def test_no_metadata_name_a_file_of_whoever_built_them(dist, metadata):
  for wheel in dist.glob("*.whl"):
    # The description is the README and may name any URL.
    lines = [f"{name}: {value}" for name, value in metadata(wheel).items()]
    assert not [line for line in lines if "file:" in line]


def test_every_package_is_typed_and_brings_its_license(dist):
  for wheel in dist.glob("*.whl"):
    names = zipfile.ZipFile(wheel).namelist()
    packages = {
      name.partition("/")[0] for name in names if ".dist-info" not in name
    }
    assert packages
    assert {f"{each}/py.typed" for each in packages} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_index_would_take_every_file(dist, fresh):
  environment = fresh(sys.executable)
  environment.install("twine>=6")
  files = sorted(dist.iterdir())
  environment.run("python", "-m", "twine", "check", "--strict", *files)


def test_every_sdist_builds_the_same_wheel_by_itself(dist, call, tmp_path):
  build = (
    "from hatchling import build; import sys; build.build_wheel(sys.argv[1])"
  )
  for sdist in dist.glob("*.tar.gz"):
    with tarfile.open(sdist) as archive:
      archive.extractall(tmp_path, filter="data")
    source = tmp_path / sdist.name.removesuffix(".tar.gz")
    call(sys.executable, "-c", build, tmp_path, cwd=source)
  for wheel in dist.glob("*.whl"):
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_wheels_install_with_extras_and_list_their_plugins(
  dist, call, tmp_path
):
  call(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
  bin_ = tmp_path / "venv" / "bin"
  wanted = f"keras-remote{EXTRAS}"
  pip = (bin_ / "python", "-m", "pip", "install", "--quiet", "--no-compile")
  call(*pip, "--find-links", dist, wanted, cwd=tmp_path)
  text = call(bin_ / "keras-remote", "plugins", "list", "--json", cwd=tmp_path)
  found = {each["name"]: each["error"] for each in json.loads(text)}
  assert found == dict.fromkeys(("builtin", "gcp", "gke", "pathways"))
