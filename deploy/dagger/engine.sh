#!/bin/sh
# Starts the Dagger engine. With DROVER_ENGINE_EGRESS=denied what its containers send is dropped as it
# arrives here, whether it is meant for the world, for this container or for its DNS. The engine itself
# reaches registries all the same. Without the rule the engine does not start.
set -eu

case ${DROVER_ENGINE_EGRESS:-} in
  denied)
    # Containers come in through the engine's bridge; eth0 is Docker's own.
    nft -f - <<'RULES'
table inet drover
delete table inet drover
table inet drover {
  chain incoming {
    type filter hook prerouting priority raw; policy accept;
    iifname != { "lo", "eth*" } counter drop
  }
}
RULES
    ;;
  allowed) ;;
  *)
    echo "engine.sh: DROVER_ENGINE_EGRESS must be denied or allowed" >&2
    exit 1
    ;;
esac

exec dagger-entrypoint.sh "$@"
