"""Values of a type from text, JSON or TOML.

Text is accepted from every source: environment variables have nothing else, and
profiles keep what was typed.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_origin

if TYPE_CHECKING:
  import cattrs

_WORDS = {
  **dict.fromkeys(("1", "true", "yes", "on"), True),
  **dict.fromkeys(("0", "false", "no", "off"), False),
}

# A comma inside brackets or before a version operator belongs to a
# requirement: "jax[tpu,k8s]>=0.4,<0.5" is one entry.
_BETWEEN_ENTRIES = re.compile(r",(?![^\[]*\])(?!\s*[<>=!~])")
# "GPUS=0,1,DEBUG=1" is two pairs: a comma separates where a name follows.
_BETWEEN_PAIRS = re.compile(r",(?=\s*[^\s,=]+=)")


def structure(value: Any, kind: Any) -> Any:
  """The value as one of the types a setting can have.

  Raises:
    ValueError: it has another form; the message says what is accepted and
      never quotes the value.
  """
  return _converter().structure(value, kind)


@functools.cache
def _converter() -> cattrs.Converter:
  """Strict, unlike cattrs' own rules, which make ``"5"`` of a number 5."""
  import cattrs

  made = cattrs.Converter(detailed_validation=False)
  made.register_structure_hook(str, _text)
  made.register_structure_hook(bool, _boolean)
  made.register_structure_hook(int, _whole)
  made.register_structure_hook(float, _number)
  made.register_structure_hook_func(_is_tuple, _entries)
  made.register_structure_hook_func(_is_mapping, _pairs)
  made.register_structure_hook(
    tuple[str, ...] | Mapping[str, str], _entries_or_pairs
  )
  return made


def _is_tuple(kind: Any) -> bool:
  return get_origin(kind) is tuple


def _is_mapping(kind: Any) -> bool:
  return get_origin(kind) is Mapping


def _text(value: Any, kind: Any = str) -> str:
  if not isinstance(value, str):
    raise ValueError("must be text")
  return value


def _boolean(value: Any, kind: Any) -> bool:
  word = _WORDS.get(str(value).strip().lower())
  if word is None:
    raise ValueError("must be true or false (or 1/0, yes/no, on/off)")
  return word


def _whole(value: Any, kind: Any) -> int:
  with_sign = str(value).strip()
  if isinstance(value, bool) or not re.fullmatch(r"[+-]?[0-9]+", with_sign):
    raise ValueError("must be a whole number")
  return int(with_sign)


def _number(value: Any, kind: Any) -> float:
  try:
    number = math.nan if isinstance(value, bool) else float(value)
  except (TypeError, ValueError, OverflowError):
    number = math.nan
  if not math.isfinite(number):
    raise ValueError("must be a number")
  return number


def _entries(value: Any, kind: Any) -> tuple[str, ...]:
  if isinstance(value, str):
    parts = (part.strip() for part in _BETWEEN_ENTRIES.split(value))
    return tuple(part for part in parts if part)
  if not isinstance(value, list | tuple) or not _all_text(value):
    raise ValueError("must be a list of text, or text separated by commas")
  return tuple(value)


def _pairs(value: Any, kind: Any) -> dict[str, str]:
  if isinstance(value, str):
    return _pairs_of_text(value)
  if not isinstance(value, Mapping) or not _all_text([*value, *value.values()]):
    raise ValueError("must map names to text, or be text such as A=1,B=2")
  return dict(value)


def _pairs_of_text(value: str) -> dict[str, str]:
  parts = [part.strip() for part in _BETWEEN_PAIRS.split(value)]
  pairs = [part.partition("=") for part in parts]
  if not all(name and equals for name, equals, _ in pairs):
    raise ValueError("must be text such as A=1,B=2")
  return {name: given for name, _, given in pairs}


def _entries_or_pairs(
  value: Any, kind: Any
) -> tuple[str, ...] | dict[str, str]:
  if isinstance(value, Mapping):
    return _pairs(value, kind)
  return _entries(value, kind)


def _all_text(values: Any) -> bool:
  return all(isinstance(value, str) for value in values)
