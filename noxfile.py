"""The project's checks, each in an environment of its own."""

from __future__ import annotations

import nox

nox.options.sessions = ["lint", "types", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
CHECK = nox.project.dependency_groups(PROJECT, "check")
DOCS = nox.project.dependency_groups(PROJECT, "docs")


@nox.session
def lint(session: nox.Session) -> None:
  """Style: rules and format."""
  session.install(*CHECK)
  session.run("ruff", "check")
  session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
  """Types, strictly."""
  session.install("-e", ".[all,testing,examples,development]", *CHECK)
  session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
  """The test suite; arguments after ``--`` go to pytest."""
  session.install("-e", ".[all,testing,examples,development]")
  session.run("pytest", *session.posargs)


@nox.session
def installs(session: nox.Session) -> None:
  """Only the tests that install the project into fresh environments."""
  session.install("-e", ".[testing]")
  session.run("pytest", "-m", "installs", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
  """The site, strictly."""
  session.install("-e", ".[all]", *DOCS)
  session.run("mkdocs", "build", "--strict")
