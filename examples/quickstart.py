"""Trains a Keras model on real data inside a job, and prints its accuracy.

Without a cloud the job is a process on this machine. With one, change the
accelerator: ``@keras_remote.run(accelerator="v6e-8")``.
"""

from __future__ import annotations

import os

import keras_remote


@keras_remote.run(env={"KERAS_BACKEND": "jax"}, timeout="10m")
def train(epochs: int) -> dict[str, float]:
  import keras
  from sklearn.datasets import load_digits
  from sklearn.model_selection import train_test_split

  keras.utils.set_random_seed(0)
  images, labels = load_digits(return_X_y=True)
  x_train, x_test, y_train, y_test = train_test_split(
    images / 16, labels, test_size=0.25, random_state=0, stratify=labels
  )
  model = keras.Sequential(
    [
      keras.Input((64,)),
      keras.layers.Dense(128, activation="relu"),
      keras.layers.Dense(10, activation="softmax"),
    ]
  )
  model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
  model.fit(x_train, y_train, batch_size=32, epochs=epochs, verbose=2)
  scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
  return {"accuracy": float(scores["accuracy"]), "process": os.getpid()}


if __name__ == "__main__":
  result = train(epochs=20)
  print(
    f"accuracy {result['accuracy']:.3f}, trained in process"
    f" {result['process']}, returned to process {os.getpid()}"
  )
