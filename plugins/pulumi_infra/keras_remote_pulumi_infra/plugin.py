"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import Provider, hookimpl
from keras_remote_pulumi_infra.settings import InfraSettings

_HERE = "keras_remote_pulumi_infra"


@hookimpl
def keras_remote_commands() -> Iterable[Provider[Any]]:
  yield Provider(
    name="up",
    summary="Make what jobs need on Google Cloud.",
    implementation=f"{_HERE}.commands.up:up",
    settings=InfraSettings,
  )
  yield Provider(
    name="down",
    summary="Remove what up made.",
    implementation=f"{_HERE}.commands.down:down",
  )
  yield Provider(
    name="status",
    summary="Show what there is on Google Cloud.",
    implementation=f"{_HERE}.commands.status:status",
  )
  yield Provider(
    name="pool",
    summary="Add, remove and list pools of machines.",
    implementation=f"{_HERE}.commands.pool:pool",
  )
  yield Provider(
    name="init",
    summary="Join or make a cluster, and keep it as a profile.",
    implementation=f"{_HERE}.commands.init:init",
  )


@hookimpl
def keras_remote_checks() -> Iterable[Provider[Any]]:
  yield Provider(
    name="infra-pulumi",
    summary="The Pulumi CLI is there.",
    implementation=f"{_HERE}.checks:pulumi",
  )
  yield Provider(
    name="infra-state",
    summary="The state of the stack can be read, and nobody holds its lock.",
    implementation=f"{_HERE}.checks:state",
  )
  yield Provider(
    name="infra-drift",
    summary="What is there is what was made.",
    implementation=f"{_HERE}.checks:drift",
  )
  yield Provider(
    name="infra-quota",
    summary="The quotas suffice for the pools.",
    implementation=f"{_HERE}.checks:quota",
  )
  yield Provider(
    name="infra-apis",
    summary="The APIs that making things takes are enabled.",
    implementation=f"{_HERE}.checks:apis",
  )
