#!/usr/bin/env bash
# Checks gate.pml exhaustively, then takes one promise after the other out of it: spin must find each counterexample.
# With --cycles also that nothing goes round for ever (another minute, and 1 GB). With --unless-checked it says that all was
# as expected before, where this very check with these very tools has said so: artifacts/model-checked holds their digest.
# 0: all is as expected; 1: it is not; 2: wrong use; 3: spin or gcc is missing.
set -uo pipefail
cd "$(dirname "$0")"
model=$PWD/gate.pml

# What is taken away, and the promise that must then be broken.
removals="
NO_GATE_LOCK         no_slip
NO_SEND_WINDOW       no_guessing
NO_RESET             no_guessing
NO_WAIT              no_guessing
REVOKES_TAKEN        no_guessing
TWIN_SENDS           only_its_owner_once
TELLS_BEFORE_COMMIT  no_slip
LATCHES_IN_MEMORY    no_slip
RELEASES_ALL         no_slip
RELEASES_WITH_DEBTS  nothing_owed_at_release
COMPLETES_WITH_DEBTS nothing_left_behind
SKIPS_IN_FLIGHT      nothing_left_behind
TIMEOUT_IS_CANCELLED nothing_left_behind
SWEEPS_ALL           only_the_scope
NO_RECOVERY          every_stop_ends
"

cycles=
unless_checked=
case "${1-}" in
  "") ;;
  --cycles) cycles=1 ;;
  --unless-checked) unless_checked=1 ;;
  *) echo "usage: check.sh [--cycles | --unless-checked]" >&2; exit 2 ;;
esac

missing=
for tool in spin gcc; do
  command -v $tool >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
  echo "The model cannot be checked here, for want of:$missing. On Debian: apt-get install spin gcc"
  exit 3
fi

digest=$({ cat gate.pml check.sh; spin -V; gcc --version; } | sha256sum)
mkdir -p ../../artifacts
checked=$(cd ../../artifacts && pwd)/model-checked
exec 9>>"$checked.lock"
flock 9 # One that runs already is waited for.
if [ -n "$unless_checked" ] && [ "$(cat "$checked" 2>/dev/null)" = "$digest" ]; then
  echo "This model was checked before, by these tools: all was as expected."
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

build() { # removal or "", options of the compiler
  local removal=$1; shift
  rm -f pan pan.*
  spin -a ${removal:+-D$removal} "$model" >spin.log 2>&1 && gcc -O2 -w -DNOREDUCE "$@" -o pan pan.c >gcc.log 2>&1 && return 0
  echo "${removal:-the model} does not build:"; cat spin.log gcc.log 2>/dev/null
  return 1
}

figures() { # states, depth and seconds of the last run
  awk '/states, stored/ {states = $1} /depth reached/ {depth = $0; sub(/.*depth reached /, "", depth); sub(/,.*/, "", depth)}
       /total actual memory/ {megabytes = $1} /elapsed time/ {seconds = $4}
       END {printf "%d states, depth %d, %d MB, %s s", states, depth, megabytes, seconds == "" ? "0" : seconds}' run.log
}

whole() { # name, options of the search
  local name=$1; shift
  ./pan -m10000 "$@" >run.log 2>&1
  if grep -q "errors: 0" run.log && ! grep -qE "max search depth too small|out of memory|search.* not completed|Warning" run.log; then
    echo "$name: $(figures), no error"
  else
    echo "$name: FAILED ($(figures))"
    grep -E "^pan:1|errors:|depth too small|memory|Warning" run.log
    failed=1
  fi
}

build "" -DSAFETY && whole "exhaustive" -w24 || failed=1
if [ -n "$cycles" ]; then
  build "" -DNP -DCOLLAPSE && whole "without end" -l -w24 || failed=1
fi

while read -r removal promise; do
  [ -n "$removal" ] || continue
  build "$removal" -DSAFETY || { failed=1; continue; }
  ./pan -m10000 -w22 >run.log 2>&1
  if grep -q "assertion violated $promise " run.log; then
    echo "$removal: $promise is broken, as it must be ($(figures))"
  else
    echo "$removal: FAILED, $promise should have been broken ($(figures))"
    grep -E "^pan:1|errors:" run.log
    failed=1
  fi
done <<<"$removals"

[ $failed -ne 0 ] || echo "$digest" >"$checked"
exit $failed
