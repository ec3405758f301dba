"""Runs a JAX function as a job: arrays go there, an array comes back."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

import keras_remote


@keras_remote.run
def solve(matrix: np.ndarray, vector: np.ndarray) -> jnp.ndarray:
  import jax

  print("devices:", jax.devices())
  return jax.jit(jnp.linalg.solve)(matrix, vector)


if __name__ == "__main__":
  rng = np.random.default_rng(0)
  matrix, vector = rng.normal(size=(200, 200)), rng.normal(size=200)
  solution = solve(matrix, vector)
  error = np.abs(matrix @ np.asarray(solution) - vector).max()
  print(
    f"{type(solution).__name__} of shape {solution.shape}, error {error:.1e}"
  )
