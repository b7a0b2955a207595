#!/usr/bin/env bash
# Writes the archive of classes that the image starts from: runs the server on its embedded PostgreSQL,
# lets it work a little, and ends it. As the user that the image runs as; called by the Dockerfile, as root.
set -euo pipefail
home=$1    # with workflows, agents and routes
archive=$2 # the file to write

work=$(mktemp -d)
chown 10001:10001 "$work"
trap 'rm -rf "$work"' EXIT

# Answers with the status of a request to the API or to the health check.
status() {
  local port=$1 request=$2 line
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf '%s HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}' "$request" >&3
  read -r _ line _ <&3
  cat <&3 >/dev/null # a server whose answer is not read to its end complains
  exec 3>&-
  echo "$line"
}

cd "$work"
HOME=$work setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs \
  java @/opt/drover/java.options "-XX:AOTCacheOutput=$work/drover.aot" \
  -jar /opt/drover/drover.jar serve --data-dir "$work/data" --runtime process \
  --workflows "$home/workflows" --agents "$home/agents" --routes "$home/routes" &
server=$!

give_up() {
  echo "$1" >&2
  kill "$server"
  exit 1
}

# It is ready when it takes a run; what a run loads is then in the archive, too.
ready=
for _ in $(seq 180); do
  kill -0 "$server" 2>/dev/null || exit 1
  answer=$(status 9002 'POST /api/workflows/diamond/runs' 2>/dev/null) || answer=
  if [ "${answer:0:1}" = 2 ]; then
    ready=yes
    break
  fi
  sleep 1
done
[ -n "$ready" ] || give_up "the server took no run within three minutes; its last answer was ${answer:-none}"

for request in 'GET /api/runs' 'GET /api/workflows' 'GET /api/agents' 'GET /api/openapi.json'; do
  answer=$(status 9002 "$request")
  [ "$answer" = 200 ] || give_up "$request was answered $answer"
done
answer=$(status 9464 'GET /metrics')
[ "$answer" = 200 ] || give_up "the metrics were answered $answer"

kill "$server"
wait "$server" || true # ended by a signal, as asked
[ -s "$work/drover.aot" ] || { echo "the JVM has written no archive" >&2; exit 1; }
install -o root -g root -m 0444 "$work/drover.aot" "$archive"
