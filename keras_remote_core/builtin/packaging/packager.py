"""The packager ``cloudpickle``: a call becomes pickles and a source archive."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from attrs import frozen

from keras_remote_core.builtin.packaging.layout import layout
from keras_remote_core.builtin.packaging.modules import import_root
from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.payload import (
  pickle_call,
  references_of,
)
from keras_remote_core.builtin.packaging.payload_size import payload_warning
from keras_remote_core.builtin.packaging.remarks import (
  source_remarks,
  source_warning,
)
from keras_remote_core.builtin.packaging.requirements import (
  declared,
  needed,
)
from keras_remote_core.builtin.packaging.root import (
  source_file,
  source_root,
)
from keras_remote_core.builtin.packaging.source import Source, pack_source
from keras_remote_core.model import Bundle, Call, Layout, Plan
from keras_remote_core.places import (
  cache_dir,
  config_dir,
  data_dir,
  state_dir,
)
from keras_remote_core.roles import Context, Packager


def cloudpickle_packager(settings: None, context: Context) -> Packager:
  del settings
  return _CloudpicklePackager(context)


@frozen
class _CloudpicklePackager:
  context: Context

  def __call__(self, call: Call, plan: Plan) -> Bundle:
    needed((), plan.requirements)  # a wrong line is told before any work
    root = source_root(call.function)
    script = source_file(call.function)
    source = self._source(root, script) if root else None
    function, inputs = pickle_call(call, self.context.workdir)
    if warning := payload_warning(call, function, inputs):
      self.context.report.warn(warning)
    found = references_of(function, inputs)
    return Bundle(
      function=function,
      inputs=(inputs,),
      source=source.blob if source else None,
      root=root,
      layout=_layout(root, call, found.modules),
      requirements=needed(
        source.requirements if source else _of_script(script),
        plan.requirements,
        plan.backend_requirements,
      ),
      python=f"{sys.version_info.major}.{sys.version_info.minor}",
      by_value=found.by_value,
    )

  def _source(self, root: Path, script: Path | None) -> Source:
    workdir, report = self.context.workdir, self.context.report
    cache = cache_dir()
    skip = left_alone(self.context.store_url, workdir)
    source = pack_source(root, workdir / "source.tar.gz", cache, skip, script)
    for text in source_remarks(source.survey):
      report.note(text)
    if warning := source_warning(source.survey):
      report.warn(warning)
    return source


def left_alone(store_url: str, *folders: Path) -> frozenset[str]:
  """What may lie in a tree only because jobs run: it would ship itself.

  The client's own folders do where ``KERAS_REMOTE_HOME`` is in the tree.
  """
  url = urlsplit(store_url)
  local = [Path(url2pathname(url.path))] if url.scheme == "file" else []
  own = (cache_dir(), config_dir(), data_dir(), state_dir())
  every = (*folders, *local, *own)
  return frozenset(str(folder.resolve()) for folder in every)


def _of_script(script: Path | None) -> tuple[str, ...]:
  return declared(None, Notes().text, script)


def _layout(root: Path | None, call: Call, modules: Iterable[str]) -> Layout:
  if root is None:
    return Layout()
  names = {getattr(call.function, "__module__", None) or "", *modules}
  roots = (import_root(name) for name in sorted(names - {"", "__main__"}))
  return layout(root, Path.cwd(), sys.path, filter(None, roots))
