#!/bin/sh
# Makes the secrets of compose.yaml: .env (read by docker compose) and secrets/ (files for services that
# take no variable). What .env has stays as it is; what is missing is added. Run it again after an update.
set -eu
umask 077
export LC_ALL=C # a-z are 26 letters
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
  # Compose reads quotes, $ and # in .env as its own; NATS, HTTP headers and URLs have rules too.
  case $(value "$name") in
    *[!A-Za-z0-9._~+/=-]*)
      echo "env.sh: $name in $(pwd)/.env may have only letters of ASCII, digits and . _ ~ + / = - because Compose, NATS and HTTP headers read other characters each in its own way: change it, or remove the line to have one made" >&2
      exit 1
      ;;
  esac
  [ -n "$(value "$name")" ] || { echo "env.sh: $name is empty in $(pwd)/.env: remove the line to have one made" >&2; exit 1; }
done

# Mounted into Alertmanager, whose user is not yours: the file is readable, and its folder is not.
mkdir -p secrets
chmod 700 secrets
printf '%s' "$(value DROVER_AUTH_TOKEN)" >secrets/drover-token.new
chmod 644 secrets/drover-token.new
mv secrets/drover-token.new secrets/drover-token
