"""What MkDocs calls: adds the generated pages, and lists folders of pages."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from generating import navigation, pages


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
  """The files of the site, the generated ones included."""
  for path, text in pages.every().items():
    files.append(File.generated(config, path, content=text))
  paths = [each.src_uri for each in files.documentation_pages()]
  config.nav = navigation.expanded(config.nav or [], paths)
  return files
