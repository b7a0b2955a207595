mark=$(sed -n 's/.*"mark":"\([^"]*\)".*/\1/p')
setsid sleep "$mark" >/dev/null 2>&1 </dev/null &
(setsid sh -c "trap '' TERM HUP INT; sleep $mark; sleep $mark" >/dev/null 2>&1 </dev/null &)
(nohup sh -c "sleep $mark & disown; sleep $mark" >/dev/null 2>&1 </dev/null &)
perl -e 'exit if fork; setpgrp; exit if fork; close $_ for *STDIN, *STDOUT, *STDERR; exec "sleep", $ARGV[0]' "$mark"
sleep 0.2
echo 1
