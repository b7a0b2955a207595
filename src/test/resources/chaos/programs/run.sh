#!/bin/sh
# An agent that keeps books outside of Drover. The lock is held by this shell alone, for as long as
# it works on its idempotency key; whoever finds it taken says so. $1: work, slow (longer than a
# lease lasts), temporary (fails with 75 in the first two attempts), or broken (fails with 1).
input=$(cat)
books=$(printf '%s' "$input" | sed -n 's/.*"books" *: *"\([^"]*\)".*/\1/p')
key=$DROVER_IDEMPOTENCY_KEY
file=$(printf '%s' "$key" | tr / _)

note() {
  printf '%s %s %s %s\n' "$1" "$key" "$DROVER_ATTEMPT" "$$" >>"$books/lines"
}

note START
exec 9>"$books/locks/$file"
flock -n 9 || note OVERLAP

pace=$(printf '%s/%s' "$key" "$DROVER_ATTEMPT" | cksum | cut -d ' ' -f 1)
millis=$((100 + pace % 1400))
if [ "$1" = slow ]; then
  millis=$((millis + 11000))
fi
sleep "$(printf '%d.%03d' $((millis / 1000)) $((millis % 1000)))" 9>&-

tries=$(($(cat "$books/tries/$file" 2>/dev/null || echo 0) + 1))
echo "$tries" >"$books/tries/$file"
if [ "$1" = temporary ] && [ "$tries" -le 2 ]; then
  exit 75
fi
if [ "$1" = broken ]; then
  exit 1
fi
note END
echo "{\"millis\": $millis}"
