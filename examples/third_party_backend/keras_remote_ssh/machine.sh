# The machine's side: POSIX sh, sent along with each call and kept nowhere.
# A job is a folder. $job is its id; "start" finds the rest in variables, too.

mask=$(umask)
umask 077
folder=${KERAS_REMOTE_HOME:-$HOME/.keras-remote}/state/ssh/$job

start() { # PYTHON, and what follows "runner.pyz"
  mkdir -p "$folder" && cd "$folder" || exit
  [ ! -e pid ] || return 0
  printf %s "$key" | keep key &&
    printf %s "$handle" | keep handle.json &&
    printf %s "$runner" | base64 --decode | keep runner.pyz || exit
  # Of several starts at once, the one whose link is first goes on. The pipe
  # ends when that is decided: from then on the job can be seen to run.
  python=$1
  shift
  set -- sh "$python" -P "$PWD/runner.pyz" "$@"
  {
    (
      export KERAS_REMOTE_SCRATCH="$folder"
      umask "$mask" # What the function writes is as open as elsewhere.
      eval "$environment"
      exec sh -c 'echo $$ >pid.$$
        if ln pid.$$ pid 2>/dev/null; then rm pid.$$; exec "$@" >/dev/null; fi
        rm pid.$$' "$@"
    ) </dev/null 2>>log &
  } | cat
}

keep() { # A file appears when it is whole.
  cat >"$1.$$" && mv "$1.$$" "$1"
}

runs() {
  cd "$folder" 2>/dev/null || return 0
  if alive; then echo yes; else echo no; fi
}

alive() { # The number is this job's runner, not a later process with it.
  read -r pid 2>/dev/null <pid || return
  { cat "/proc/$pid/cmdline" || ps -o args= -p "$pid"; } 2>/dev/null |
    grep -q -e "--job=$job"
}

stop() {
  cd "$folder" 2>/dev/null || return 0
  patience=150
  while alive; do
    [ $patience = 150 ] && kill "$pid"
    [ $patience = 0 ] && kill -KILL "$pid"
    patience=$((patience - 1))
    sleep 0.1
  done
}

remove() {
  stop
  rm -rf "$folder"
}

show() {
  cat "$folder/$1" 2>/dev/null || :
}

handles() {
  for each in "$folder"*/handle.json; do
    cat "$each" 2>/dev/null && printf '\0'
  done
  :
}
