"""The requirements that a script carries in a comment of its own.

The format: https://peps.python.org/pep-0723/
"""

from __future__ import annotations

import re
from pathlib import Path

from keras_remote_core.builtin.packaging.requirement_lines import normalize
from keras_remote_core.builtin.packaging.toml_files import loaded, placer
from keras_remote_core.errors import InvalidRequirement

# As the specification has it, for blocks of the type "script".
_BLOCK = re.compile(
  r"(?m)^# /// script[ \t]*$\n(?P<content>(^#(| .*)$\n)+)^# ///[ \t]*$"
)


def dependencies(text: str, file: Path) -> tuple[str, ...] | None:
  """The normalised lines of a script, or None where it declares none.

  Raises:
    InvalidRequirement: with file and line.
  """
  blocks = list(_BLOCK.finditer(text))
  if len(blocks) > 1:
    raise InvalidRequirement(
      f"{file}: it has {len(blocks)} blocks '# /// script'",
      remedy="leave one of them",
    )
  return _of(blocks[0], text, file) if blocks else None


def _of(block: re.Match[str], text: str, file: Path) -> tuple[str, ...] | None:
  content = "".join(
    line[2:] if line.startswith("# ") else line[1:]
    for line in block["content"].splitlines(keepends=True)
  )
  found = loaded(content, file).get("dependencies")
  if found is None:
    return None
  if not isinstance(found, list):
    raise InvalidRequirement(
      f"{file}: dependencies is not a list",
      remedy='write # dependencies = ["numpy>=1.26"]',
    )
  place = placer(content, file, text.count("\n", 0, block.start("content")) + 1)
  return tuple(normalize(str(each), place(str(each))) for each in found)
