#!/bin/sh
# Makes the secrets of compose.yaml: .env (read by docker compose) and secrets/ (files for services that
# take no variable). What .env has stays as it is; what is missing is added. Run it again after an update.
set -eu
umask 077
cd "$(dirname "$0")"

# 256 bits. The letter in front keeps NATS from reading a token as a number.
secret() {
  printf 's%s' "$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')"
}

value() {
  sed -n "s/^$1=//p" .env | tail -n 1
}

touch .env
chmod 600 .env
for name in DROVER_AUTH_TOKEN POSTGRES_PASSWORD NATS_TOKEN GRAFANA_ADMIN_PASSWORD; do
  if ! grep -q "^$name=" .env; then
    new=$(secret)
    [ "${#new}" -eq 65 ] || { echo "env.sh: /dev/urandom gave too little" >&2; exit 1; }
    printf '%s=%s\n' "$name" "$new" >>.env
    echo "made $name"
  fi
  [ -n "$(value "$name")" ] || { echo "env.sh: $name is empty in $(pwd)/.env: remove the line to have one made" >&2; exit 1; }
done

# Mounted into Alertmanager, whose user is not yours: the file is readable, and its folder is not.
mkdir -p secrets
chmod 700 secrets
printf '%s' "$(value DROVER_AUTH_TOKEN)" >secrets/drover-token.new
chmod 644 secrets/drover-token.new
mv secrets/drover-token.new secrets/drover-token
