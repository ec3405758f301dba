"""A command line of Pulumi's, taken apart; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

_VALUED = frozenset(
  (
    "--client",
    "--color",
    "--config-file",
    "--event-log",
    "--exec-kind",
    "--file",
    "--message",
    "--page",
    "--page-size",
    "--parallel",
    "--secrets-provider",
    "--stack",
  )
)


@frozen(kw_only=True)
class Arguments:
  """What is not an option, and the options; flags have an empty value."""

  words: tuple[str, ...] = ()
  options: Mapping[str, str] = field(factory=dict)

  def has(self, name: str) -> bool:
    return name in self.options

  @property
  def stack(self) -> str:
    """The stack that is meant, without organization and project."""
    named = self.options.get("--stack") or self.words[-1]
    return named.rpartition("/")[2]


def parse(given: Sequence[str]) -> Arguments:
  words, options, rest = [], {}, list(given)
  while rest:
    each = rest.pop(0)
    name, equals, value = each.partition("=")
    if not each.startswith("-"):
      words.append(each)
    elif name in _VALUED and not equals:
      options[name] = rest.pop(0)
    else:
      options[name] = value
  return Arguments(words=tuple(words), options=options)
