# The watchdog of a server's agents. Bash (3.2 or newer) reads it from stdin, and what follows on
# stdin feeds it. It kills what is registered when the server's lease has run out, and when the
# server has ended, whatever became of the server itself.
#
# $2: how long a renewal lasts, in hundredths of a second. The lines:
#   =<when>              the lease was renewed; it had been asked for at that uptime, in hundredths
#   +<id> <pid> [start]  a process of the attempt <id>; its start as in /proc/<pid>/stat
#   -<id>                the attempt has ended
#
# Attempts register themselves by way of /proc/<this>/fd/0: it must be the pipe at every moment, so
# other files are read as descriptor 8.

limit=$2
server=$PPID

# Sets clock. Uptime goes on while the host sleeps, as other servers do, and nobody can set it.
read_clock() {
  local up
  if { read -r -u 8 up _ 8</proc/uptime; } 2>/dev/null; then
    clock=$((10#${up/./}))
  else
    clock=$((SECONDS * 100))
  fi
}

# Sets state, parent, session and start of the process $1; fails if it has gone.
read_stat() {
  local line text= fields
  {
    while IFS= read -r -u 8 line || [[ -n $line ]]; do text+=$line; done 8<"/proc/$1/stat"
  } 2>/dev/null
  [[ -n $text ]] || return 1
  fields=(${text##*) }) # the name before it may hold anything
  state=${fields[0]} parent=${fields[1]} session=${fields[3]} start=${fields[19]}
}

# Fills parents, sessions, starts and zombies with all processes of the host.
scan() {
  local entry pid state parent session start
  if [[ -r /proc/self/stat ]]; then
    for entry in /proc/[0-9]*; do
      pid=${entry#/proc/}
      if read_stat "$pid"; then
        parents[pid]=$parent sessions[pid]=$session starts[pid]=$start
        [[ $state == [ZX] ]] && zombies[pid]=1
      fi
    done
  else
    while read -r -u 8 pid parent; do
      parents[pid]=$parent starts[pid]=unknown
    done 8< <(ps -A -o pid= -o ppid= 2>/dev/null)
  fi
}

# Calls $1 with process, device and inode for each pipe that the processes $2... write to. One call
# of stat looks at all of them: to compare every process with every agent takes seconds.
with_pipes() {
  local call=$1 pid device inode mode path paths=()
  shift
  for pid; do
    paths+=("/proc/$pid/fd/1" "/proc/$pid/fd/2")
  done
  [[ -n ${paths[0]} ]] || return
  while read -r -t 1 -u 8 device inode mode path; do # a file may be on a disk that does not answer
    if [[ $mode == 1??? ]]; then
      path=${path#/proc/}
      "$call" "${path%%/*}" "$device" "$inode"
    fi
  done 8< <(stat -L -c '%d %i %f %n' "${paths[@]}" 2>/dev/null </dev/null)
}

keep_pipe() {
  pipes[$3]=$2
}

mark_holder() {
  [[ ${pipes[$3]} != "$2" ]] || marked[$1]=1
}

# Marks those of the given processes ("pid:start") that live, and what is in their sessions.
mark_roots() {
  local item pid known leaders=()
  for item in $1; do
    pid=${item%%:*} known=${item#*:}
    if [[ -z ${starts[pid]} ]]; then
      leaders[pid]=1 # it has gone; its session may go on
    elif [[ -z $known || $known == "${starts[pid]}" ]]; then
      leaders[pid]=1 roots[pid]=1 marked[pid]=1
    fi # else the number has been given to somebody else
  done
  for pid in "${!parents[@]}"; do
    if [[ -n ${sessions[pid]} && -n ${leaders[sessions[pid]]} ]]; then
      marked[pid]=1
    fi
  done
}

# Marks what descends from what is marked.
mark_descendants() {
  local pid changed=1
  while [[ -n $changed ]]; do
    changed=
    unset "marked[1]" "marked[$$]" "marked[$server]"
    for pid in "${!parents[@]}"; do
      if [[ -z ${marked[pid]} && -n ${marked[parents[pid]]} && $pid != "$$" && $pid != "$server" ]]
      then
        marked[pid]=1 changed=1
      fi
    done
  done
}

# Sets victims: of the given processes ("pid:start") those that live, what is in their sessions, what
# descends from them and, but in round 1, what writes to their pipes. Round 1 sets pipes: once the
# processes are dead nobody can tell.
find_victims() {
  local pid roots=() marked=() parents=() sessions=() starts=() zombies=()
  scan
  mark_roots "$1"
  if (($2 == 1)); then
    with_pipes keep_pipe "${!roots[@]}"
  elif [[ -n ${pipes[*]} ]]; then
    with_pipes mark_holder "${!parents[@]}"
  fi
  mark_descendants
  victims=
  for pid in "${!marked[@]}"; do
    [[ -n ${zombies[pid]} ]] || victims+=" $pid"
  done
}

# Kills the given processes with all that belongs to them; what is easily found first.
destroy() {
  local round victims pipes=()
  [[ -n ${1// /} ]] || return
  for round in 1 2 3 4 5 6 7 8 9 10; do
    find_victims "$1" "$round"
    [[ -z $victims ]] || kill -KILL $victims 2>/dev/null
    [[ -n $victims ]] || ((round == 1)) || return
  done
}

destroy_all() {
  destroy "${items[*]}"
  items=()
}

register() {
  local id=$1 pid=$2 state parent session start=$3
  [[ $id$pid$start =~ ^[0-9]+$ && -n $pid ]] || return
  if [[ -z $start && -r /proc/self/stat ]]; then
    read_stat "$pid" || return
  fi
  case " ${items[id]} " in
    *" $pid:$start "*) ;;
    *) items[id]+=" $pid:$start" ;;
  esac
  [[ -z $silent ]] || destroy_all
}

renew() {
  read_clock
  local until=$((${1:-$clock} + limit))
  ((until > deadline)) && deadline=$until
  ((deadline > clock)) && silent=
}

take() {
  case $1 in
    =*[!0-9]*) ;;
    =*) renew "${1#=}" ;;
    +*) register ${1#+} ;;
    -*[!0-9]* | -) ;;
    -*) unset "items[${1#-}]" ;;
  esac
}

# Sets patience: the time until the deadline as read -t takes it, never nothing, so that lines that
# wait already are read before anybody is killed.
set_patience() {
  read_clock
  local left=$((deadline - clock))
  if ((BASH_VERSINFO[0] < 4)); then
    patience=$((left > 0 ? left / 100 + 1 : 1))
  else
    ((left > 1)) || left=1
    printf -v patience '%d.%02d' $((left / 100)) $((left % 100))
  fi
}

guard() {
  local line rest= status clock patience deadline= silent= items=()
  while :; do
    if [[ -n $deadline && -z $silent ]]; then
      set_patience
      IFS= read -r -t "$patience" line
      status=$?
    else
      IFS= read -r line
      status=$?
    fi
    line=$rest$line rest=
    if ((status == 0)); then
      take "$line"
      continue
    fi
    read_clock
    if [[ -n $deadline && -z $silent ]] && ((clock >= deadline)); then
      silent=1 rest=$line
      destroy_all
    elif ((status > 128)); then
      rest=$line # woken a little early
    else
      break
    fi
  done
  exec 0</ # a folder takes no lines: who comes now is refused, and does not start
  destroy_all
}

trap '' HUP INT QUIT TERM TSTP TTIN TTOU PIPE
guard; exit # in one line: the next is data
