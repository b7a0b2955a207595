input=$(cat)
outside=$(printf '%s' "$input" | sed -n 's/.*"outside":"\([^"]*\)".*/\1/p')
got=
try() { if "$@" >/dev/null 2>&1; then got="$got,\"$*\""; fi; }
put() { echo x >"$1"; }
try put "$outside/written"
try put "$PWD/own-folder"
# These would harm the host, so they are tried where nothing of it can be harmed.
if [ "$PWD" = /agent ]; then
  for file in /usr/x /usr/bin/sh /etc/x /bin/x /lib/x /dev/x /proc/x /x /run/x /var/x /agent/agent.yaml \
    /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sysrq-trigger /proc/self/oom_score_adj \
    /sys/kernel/uevent_helper /sys/x /proc/1/mem /proc/1/environ; do
    try put "$file"
  done
  try mknod /tmp/null c 1 3
  try mknod /tmp/disk b 8 0
  try mount -t tmpfs none /tmp
  try mount -o remount,rw /usr
  try umount /proc
  try umount /agent
  try chroot /tmp true
  try chown 0 /tmp
  try ln /agent/run.sh /agent/link
  try su -c true
  try unshare -Ur true
  try nsenter -t 1 -m true
  mkdir /tmp/bin; cp /bin/true /tmp/bin/true
  try chmod 4755 /tmp/bin/true
  try chmod g+s /tmp/bin
fi
echo "[${got#,}]"
