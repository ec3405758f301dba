"""Runs the example's tests over a real ssh server on this machine.

What ``keras-remote plugins new`` writes has no such file: without a host its
jobs run here.
"""

from __future__ import annotations

import contextlib
import getpass
import importlib.metadata
import os
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from keras_remote_core import registry

_SSHD = "/usr/sbin/sshd"
_SERVER = """\
HostKey {folder}/server
AuthorizedKeysFile {folder}/client.pub
AuthenticationMethods publickey
StrictModes no
UsePAM no
SetEnv KERAS_REMOTE_HOME={folder}/machine
"""
_CLIENT = """\
Host machine
  HostName 127.0.0.1
  Port {port}
  User {user}
  IdentityFile {folder}/client
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
"""


class Server(socketserver.ThreadingTCPServer):
  """Hands each connection to an ``sshd`` of its own."""

  def __init__(self, config: Path) -> None:
    super().__init__(("127.0.0.1", 0), _Connection)
    self.config = config
    threading.Thread(target=self.serve_forever, daemon=True).start()


class _Connection(socketserver.BaseRequestHandler):
  server: Server

  def handle(self) -> None:
    command = [_SSHD, "-i", "-f", str(self.server.config)]
    with open(f"{self.server.config}.log", "ab") as log:
      subprocess.run(
        command, stdin=self.request, stdout=self.request, stderr=log
      )


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
  """Where the package is installed, unless it is already."""
  if _is_installed():
    return None
  folder = tmp_path_factory.mktemp("packages")
  pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
  here = str(Path(__file__).parent)
  subprocess.run(
    [*pip, "--no-build-isolation", "--target", str(folder), here], check=True
  )
  return folder


@pytest.fixture(autouse=True)
def installed(
  packages: Path | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
  if packages:
    monkeypatch.syspath_prepend(str(packages))
    monkeypatch.setenv("PYTHONPATH", str(packages), os.pathsep)
  registry.installed.cache_clear()
  yield
  registry.installed.cache_clear()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
  if not Path(_SSHD).exists():
    pytest.skip("needs an ssh server: apt-get install openssh-server")
  folder = tmp_path_factory.mktemp("ssh")
  for name in ("server", "client"):
    subprocess.run(
      ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name],
      check=True,
    )
  if os.getuid() == 0:
    # The one folder that sshd insists on, made by its service elsewhere.
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
  config = folder / "sshd_config"
  config.write_text(_SERVER.format(folder=folder))
  with Server(config) as server:
    yield server
    server.shutdown()


@pytest.fixture(autouse=True)
def machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
  """Lets ssh know the server by a name, and the plugin's settings, too."""
  folder, port = server.config.parent, server.server_address[1]
  (folder / "ssh_config").write_text(
    _CLIENT.format(folder=folder, port=port, user=getpass.getuser())
  )
  key = (folder / "server.pub").read_text()
  (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {key}")
  # ssh has no variable for its configuration file.
  ssh = folder / "bin" / "ssh"
  ssh.parent.mkdir(exist_ok=True)
  ssh.write_text(
    f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/ssh_config "$@"\n'
  )
  ssh.chmod(0o755)
  monkeypatch.setenv("PATH", str(ssh.parent), os.pathsep)
  monkeypatch.setenv("KERAS_REMOTE_SSH_HOST", "machine")
  # On the way to a real machine that would be too often.
  often = "keras_remote_ssh.backend.SshBackend.poll_interval"
  monkeypatch.setattr(often, 0.2)


@pytest.fixture
def unplugged(server: Server) -> Callable[[], AbstractContextManager[None]]:
  """While it lasts, the server hangs up on everybody."""

  @contextlib.contextmanager
  def unplug() -> Iterator[None]:
    away = server.config.rename(f"{server.config}.away")
    yield
    away.rename(server.config)

  return unplug


def _is_installed() -> bool:
  try:
    importlib.metadata.version("keras-remote-ssh")
  except importlib.metadata.PackageNotFoundError:
    return False
  return True
