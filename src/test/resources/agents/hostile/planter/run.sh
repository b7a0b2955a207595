cd /work/out || exit 1
ln -s /etc/shadow link-to-shadow
ln -s / link-to-root
ln -s ../../.. link-out
mkfifo fifo
got=
try() { if "$@" >/dev/null 2>&1; then got="$got,\"$1\""; fi; }
try mknod device c 1 3
cp /bin/true tool
try chmod 4755 tool
(umask 0; install -m 6755 /bin/true installed) 2>/dev/null && got="$got,\"install\""
perl -e 'sysopen F, "created", 0101, 04755 or exit 1' 2>/dev/null && got="$got,\"create\""
dd if=/dev/zero of=large bs=1 count=1 seek=2G 2>/dev/null && got="$got,\"large\""
echo "[${got#,}]"
