"""What jobs can be on a cluster: one kind of object per layout there is."""

from __future__ import annotations

import threading

from attrs import field, frozen

from keras_remote_gke.site import Site
from keras_remote_pathways import layouts
from keras_remote_pathways.objects import Layout
from keras_remote_pathways.settings import LWS, PathwaysSettings


@frozen(eq=False)
class Sites:
  """The layouts of each namespace, asked for once; safe among threads.

  A site that is given here is of the namespace; one that is returned is of a
  kind of object in it.
  """

  _known: dict[Site, dict[str, Site]] = field(init=False, factory=dict)
  _layouts: dict[Site, Layout] = field(init=False, factory=dict)
  _homes: dict[str, Site] = field(init=False, factory=dict)
  _lock: threading.Lock = field(init=False, factory=threading.Lock)

  def at(self, site: Site) -> list[Site]:
    """One for each layout that is installed."""
    with self._lock:
      if not self._known.get(site):
        names = layouts.installed(site)
        self._known[site] = {name: _of(site, name) for name in names}
      return list(self._known[site].values())

  def layout(self, site: Site, settings: PathwaysSettings) -> Layout:
    """What new jobs become.

    Raises:
      NoLayout: nothing that they could become is installed.
    """
    self.at(site)
    with self._lock:
      if site not in self._layouts:
        known = list(self._known[site])
        self._layouts[site] = layouts.choose(site, known, settings)
      return self._layouts[site]

  def of(self, site: Site, layout: str) -> Site:
    """That of one layout."""
    self.at(site)
    with self._lock:
      return self._known[site].get(layout) or _of(site, layout)

  def having(self, site: Site, job_id: str) -> Site:
    """The one that a job is in; any of them where it is in none."""
    found = self.at(site)
    if len(found) == 1:
      return found[0]
    if job_id not in self._homes:
      for each in found:
        if each.api.exists(f"{each.paths.jobs}/{job_id}"):
          self._homes[job_id] = each
          break
    return self._homes.get(job_id) or self.of(site, LWS)


def _of(site: Site, layout: str) -> Site:
  paths = Layout(name=layout).paths(site.paths.namespace)
  return Site(site.api, paths, site.store, site.description)
