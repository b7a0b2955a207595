cat >/dev/null
printf '{"key": "%s", "attempt": %s}' "$DROVER_IDEMPOTENCY_KEY" "$DROVER_ATTEMPT"
