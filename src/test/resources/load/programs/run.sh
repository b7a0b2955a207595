#!/bin/sh
# Reads its input, works for some milliseconds, and answers. $1: probe, fix, or flaky (the first
# attempt asks to be tried again).
input=$(cat)
host=$(printf '%s' "$input" | sed -n 's/.*"host" *: *"\([^"]*\)".*/\1/p')
echo "$1 of $host" >&2
sleep 0.02
if [ "$1" = flaky ] && [ "$DROVER_ATTEMPT" -lt 2 ]; then
  exit 75
fi
echo "{\"host\": \"$host\", \"used\": 93}"
