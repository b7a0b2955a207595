# Runs inside a sandbox without network: what connects to the port of its loopback is connected to
# the socket that leads to the proxy. Arguments: port, socket, the command that is run besides.
# The program is not trusted with anything: what may be reached is decided at the socket's other end.
use strict;
use Errno qw(EAGAIN);
use Fcntl;
use Socket;

my ($port, $path, @command) = @ARGV;
socket(my $listener, PF_INET, SOCK_STREAM, 0) or die "forwarder: $!\n";
setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
bind($listener, pack_sockaddr_in($port, INADDR_LOOPBACK)) or die "forwarder: $!\n";
listen($listener, 1024) or die "forwarder: $!\n";

# It listens, so the command can begin. It keeps the process; the forwarder is nobody's child.
my $child = fork() // die "forwarder: $!\n";
if ($child) {
    close $listener;
    waitpid $child, 0;
    exec { $command[0] } @command or die "forwarder: $command[0]: $!\n";
}
exit 0 if fork() // exit 1;

open STDIN, '<', '/dev/null';
open STDOUT, '>', '/dev/null';
open STDERR, '>', '/dev/null';
$SIG{$_} = 'IGNORE' for qw(PIPE TERM INT HUP);

my (%peer, %handle, %waiting, %ended);

sub forget {
    my ($fd) = @_;
    my $other = $peer{$fd};
    for (grep { defined } $fd, $other) {
        close $handle{$_} if $handle{$_};
        delete $peer{$_}; delete $handle{$_}; delete $waiting{$_}; delete $ended{$_};
    }
}

# Whether somebody was taken in. Who is not waits to be accepted: nothing here may block, for all
# that is carried would stand still, and with it what makes room again.
sub take {
    socket(my $proxy, PF_UNIX, SOCK_STREAM, 0) or return 0;
    fcntl($proxy, F_SETFL, O_RDWR | O_NONBLOCK);
    my $there = connect($proxy, pack_sockaddr_un($path));
    return 0 if !$there && $! == EAGAIN;
    accept(my $client, $listener) or return 0;
    return 1 unless $there; # nobody will open any more: the client is let go
    my ($from, $to) = (fileno $client, fileno $proxy);
    fcntl($client, F_SETFL, O_RDWR | O_NONBLOCK);
    @handle{$from, $to} = ($client, $proxy);
    @peer{$from, $to} = ($to, $from);
    @waiting{$from, $to} = ('', '');
    return 1;
}

my $full = 0;

while (1) {
    my ($reads, $writes) = ('', '');
    # The socket's other end carries 64 pairs at once.
    vec($reads, fileno $listener, 1) = 1 if keys(%handle) < 128 && !$full;
    for my $fd (keys %handle) {
        # What waits for a side was read from its peer, which is not read on before it has gone.
        vec($reads, $fd, 1) = 1 if !$ended{$fd} && $waiting{$peer{$fd}} eq '';
        vec($writes, $fd, 1) = 1 if $waiting{$fd} ne '';
    }
    my $ready = select($reads, $writes, undef, $full ? 0.1 : undef);
    $full = 0;
    $ready > 0 or next;
    $full = !take() if vec($reads, fileno $listener, 1);
    for my $fd (keys %handle) {
        next unless $handle{$fd};
        my $other = $peer{$fd};
        if (vec($writes, $fd, 1)) {
            my $count = syswrite $handle{$fd}, $waiting{$fd};
            if (!defined $count) { forget($fd) if $! != EAGAIN; next; }
            substr($waiting{$fd}, 0, $count) = '';
            shutdown($handle{$fd}, 1) if $waiting{$fd} eq '' && $ended{$other};
        }
        if (vec($reads, $fd, 1)) {
            my $count = sysread $handle{$fd}, $waiting{$other}, 65536;
            if (!defined $count) { forget($fd) if $! != EAGAIN; next; }
            if ($count == 0) { $ended{$fd} = 1; shutdown($handle{$other}, 1); }
        }
        forget($fd) if $ended{$fd} && $ended{$other} && $waiting{$fd} . $waiting{$other} eq '';
    }
}
