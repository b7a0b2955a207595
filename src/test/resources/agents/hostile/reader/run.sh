input=$(cat)
field() { printf '%s' "$input" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
got=
try() {
  if [ -n "$(head -c 1 "$2" 2>/dev/null | od -An -c)" ]; then got="$got,\"$1\""; fi
}
server=$(field server)
for name in shadow other data; do try "$name" "$(field $name)"; done
try environ "/proc/$server/environ"
try maps "/proc/$server/maps"
try root "/proc/$server/root$(field data)"
ls "/proc/$server/fd/" >/dev/null 2>&1 && got="$got,\"fd\""
for process in /proc/[0-9]*; do
  case $(tr '\0' ' ' 2>/dev/null <"$process/cmdline") in
    *bwrap* | sh\ run.sh* | *"tr "* | "") ;;
    *) got="$got,\"sees others\""; break ;;
  esac
done
echo "[${got#,}]"
