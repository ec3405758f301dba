"""Functions run from wherever they were typed: scripts, prompts, notebooks."""

from __future__ import annotations

import pytest

SCRIPT = """
import os
import keras_remote

OFFSET = 1

def helper(x):
  return x + OFFSET

class Point:
  def __init__(self, x):
    self.x = x

@keras_remote.run(backend="local")
def train(x):
  return os.getpid(), Point(helper(x))

if __name__ == "__main__":
  pid, point = train(41)
  assert pid != os.getpid()
  assert type(point) is Point
  print(point.x)
"""

NOTEBOOK = """
import linecache
import keras_remote

def cell(number, source):
  name = f"<ipython-input-{number}-0123456789ab>"
  linecache.cache[name] = (len(source), None, source.splitlines(True), name)
  exec(compile(source, name, "exec"), globals())

cell(1, "offset = 1")
cell(2, "def helper(x):\\n  return x + offset")
cell(3, "@keras_remote.run(backend='local')\\ndef f(x):\\n  return helper(x)")
cell(4, "print(f(41))")
cell(5, "offset = 2")
cell(6, "print(f(41))")
"""


def test_a_function_of_a_script_runs(python, script):
  script(SCRIPT)
  assert python("script.py").stdout == "42\n"


def test_a_function_of_python_c_runs(python):
  assert python("-c", SCRIPT).stdout == "42\n"


def test_a_function_from_standard_input_runs(python):
  assert python("-", text=SCRIPT).stdout == "42\n"


def test_a_function_typed_at_the_prompt_runs(python):
  typed = SCRIPT.partition("if __name__")[0].strip().replace("\n\n", "\n\n\n")
  lines = f"{typed}\n\nprint('point', train(41)[1].x)\n"
  assert "point 42" in python("-i", "-q", text=lines).stdout


def test_a_notebooks_cells_see_each_others_latest_values(python, script):
  script(NOTEBOOK)
  assert python("script.py").stdout == "42\n43\n"


def test_a_module_run_with_m_is_its_scripts_main(python, script):
  script(SCRIPT, "pkg/train.py")
  assert python("-m", "pkg.train").stdout == "42\n"


def test_a_packages_function_imports_its_neighbours(python, script):
  script("FACTOR = 2\n", "src/mypkg/settings.py")
  script("", "src/mypkg/__init__.py")
  script(
    """
    import keras_remote
    from mypkg import settings

    @keras_remote.run(backend="local")
    def double(x):
      from mypkg.deep.maths import times
      return times(x, settings.FACTOR)

    @keras_remote.run(backend="local")
    def read():
      return open("data/numbers.txt").read()
    """,
    "src/mypkg/train.py",
  )
  script("def times(a, b):\n  return a * b\n", "src/mypkg/deep/maths.py")
  script("1 2 3", "data/numbers.txt")
  script(
    """
    import sys
    sys.path.insert(0, "src")
    from mypkg.train import double, read
    print(double(21), read())
    """
  )
  assert python("script.py").stdout == "42 1 2 3\n"


def test_a_wrapped_function_of_a_module_runs_with_its_wrapping(python, script):
  script(
    """
    import functools
    import keras_remote

    def twice(function):
      @functools.wraps(function)
      def wrapper(*args):
        return function(*args) * 2
      return wrapper

    @keras_remote.run(backend="local")
    @twice
    def inner(x):
      return x

    @twice
    @keras_remote.run(backend="local")
    def outer(x):
      return x
    """,
    "mine.py",
  )
  script("import mine\nprint(mine.inner(21), mine.outer(21))\n")
  assert python("script.py").stdout == "42 42\n"


def test_an_exception_class_of_the_script_is_caught_by_its_class(
  python, script
):
  script(
    """
    import keras_remote

    class Diverged(Exception):
      def __init__(self, step, *, loss):
        super().__init__(step)
        self.loss = loss
      def __reduce__(self):
        return _rebuilt, (self.args[0], self.loss)

    def _rebuilt(step, loss):
      return Diverged(step, loss=loss)

    @keras_remote.run(backend="local")
    def train():
      raise Diverged(7, loss=1.5)

    try:
      train()
    except Diverged as error:
      print(error.args, error.loss)
    """
  )
  assert python("script.py").stdout == "(7,) 1.5\n"


def test_a_script_that_calls_at_its_top_level_does_not_start_itself_again(
  python, script
):
  script(
    """
    import keras_remote

    @keras_remote.run(backend="local")
    def f():
      return 42

    print(f())
    """
  )
  assert python("script.py").stdout == "42\n"


@pytest.mark.parametrize("pieces", [1, 2])
def test_output_of_the_job_comes_on_standard_output_and_progress_beside(
  python, script, pieces
):
  script(
    f"""
    import sys
    import keras_remote

    @keras_remote.run(backend="local")
    def f():
      for piece in range({pieces}):
        print("[bold]from the job[/bold]", piece)
      print("on its stderr", file=sys.stderr)

    f()
    """
  )
  done = python("script.py")
  expected = [f"[bold]from the job[/bold] {piece}" for piece in range(pieces)]
  assert done.stdout.splitlines() == [*expected, "on its stderr"]
  assert "ended after" in done.stderr
