#!/bin/sh
# Tries the agent without Drover: sh test.sh
set -eu
cd "$(dirname "$0")"

output=$(echo '{"path":"/"}' | sh run.sh 2>/dev/null)
echo "$output" | grep -Eq '^\{"usedPercent":[0-9]+,"freeKiB":[0-9]+\}$' || {
  echo "unexpected output: $output" >&2
  exit 1
}
if echo '{"path":7}' | sh run.sh >/dev/null 2>&1; then
  echo "a path that is no text must be refused" >&2
  exit 1
fi
echo "all well"
