#!/bin/sh
# The input is one JSON object on stdin, the output one JSON value on stdout, the log is stderr.
# Exit code 0: done. 75: try again later. Anything else: failed; the last lines of the log say why.
set -eu

# A value out of a flat object. For more than that take jq, or another language.
path=$(sed -n 's/.*"path" *: *"\([^"\\]*\)".*/\1/p')
if [ -z "$path" ]; then
  echo 'path must be a text without " and \' >&2
  exit 65
fi

echo "looking at $path, attempt ${DROVER_ATTEMPT:-0} of node ${DROVER_NODE:-none}" >&2
df -Pk -- "$path" | awk '
  NR == 2 { sub("%", "", $5); printf "{\"usedPercent\":%d,\"freeKiB\":%d}\n", $5, $4; found = 1 }
  END { exit !found }'
