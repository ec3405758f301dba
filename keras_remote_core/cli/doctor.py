"""``keras-remote doctor``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_core import doctor as examining
from keras_remote_core import registry
from keras_remote_core.cli import printing
from keras_remote_core.doctor import Finding

_COLUMNS = ("check", "plugin", "result", "message", "remedy")


@click.command()
@click.option("--fix", is_flag=True, help="Apply the remedies that are safe.")
@click.option(
  "--limit",
  type=click.FloatRange(min=0, min_open=True),
  default=20.0,
  show_default=True,
  help="Seconds each check may take.",
)
@printing.json_option
@click.pass_context
def doctor(ctx: click.Context, fix: bool, limit: float, as_json: bool) -> None:
  """Check everything that jobs need, and say what helps where it fails.

  Exits with 1 where a check fails.
  """
  checks = examining.checks(registry.installed().plugins)
  findings = examining.examine(checks, limit)
  if fix:
    findings = examining.fixed(findings, limit)
  printing.listing(_COLUMNS, [_record(each) for each in findings], as_json)
  if not all(each.result.ok for each in findings):
    ctx.exit(1)


def _record(finding: Finding) -> dict[str, Any]:
  result = finding.result
  return {
    "check": finding.check.provider.name,
    "plugin": finding.check.plugin,
    "ok": result.ok,
    "result": "ok" if result.ok else "failed",
    "message": result.message,
    "remedy": result.remedy,
  }
