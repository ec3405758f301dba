"""Values of settings as their fields declare them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import attrs

from keras_remote_core.errors import InvalidSetting
from keras_remote_core.settings import traits
from keras_remote_core.structuring import structure


def convert(
  attribute: attrs.Attribute[Any], value: Any, name: str, origin: str
) -> Any:
  """The value of a setting as its field declares it.

  Args:
    attribute: one of ``settings.fields``, whose type is resolved.
    name: what the message calls the setting, such as ``"gke.queue"``.
    origin: where the value comes from, for the message.

  Raises:
    InvalidSetting: the value has the wrong form.
  """
  try:
    return _converted(attribute, value)
  except (TypeError, ValueError) as error:
    # From None: the cause may quote a value that must not be shown.
    raise _invalid(attribute, value, name, origin, error) from None


def _converted(attribute: attrs.Attribute[Any], value: Any) -> Any:
  if attribute.converter:
    # attrs has converters of another kind too; setting() takes none.
    made = cast("Callable[[Any], Any]", attribute.converter)(value)
  else:
    made = structure(value, attribute.type)
  if attribute.validator:
    attribute.validator(None, attribute, made)
  return made


def _invalid(
  attribute: attrs.Attribute[Any],
  value: Any,
  name: str,
  origin: str,
  error: Exception,
) -> InvalidSetting:
  shown = f"{name} = {value!r}" if attribute.repr is True else name
  told = traits(attribute)
  # Converters and validators of plugins may quote the value.
  reason = f"must be {told.help}" if told.secret else next(iter(error.args), "")
  return InvalidSetting(f"{shown} ({origin}): {reason}")
