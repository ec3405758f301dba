"""Where everything of a job lies in its store."""

from __future__ import annotations


def blob(sha256: str) -> str:
  return f"blobs/{sha256}"


def job(job_id: str) -> str:
  return f"jobs/{job_id}"


def handle(job_id: str) -> str:
  return f"jobs/{job_id}/handle.json"


def manifest(job_id: str) -> str:
  return f"jobs/{job_id}/manifest.json"


def cancelled(job_id: str) -> str:
  """Written by whoever cancels the job, before its processes are stopped."""
  return f"jobs/{job_id}/cancelled.json"


def attempts(job_id: str, task: int = 0) -> str:
  return f"jobs/{job_id}/tasks/{task}/attempts/"


def host(job_id: str, task: int, attempt: int, index: int) -> str:
  return f"{attempts(job_id, task)}{attempt}/hosts/{index}"


def outputs(job_id: str) -> str:
  return f"outputs/{job_id}"


def outputs_of(job_id: str, host: int, processes: int) -> str:
  """A host's share, where there are several."""
  home = outputs(job_id)
  return home if processes == 1 else f"{home}/hosts/{host}"
