use strict;
use Socket;
my $input = join '', <STDIN>;
my ($port) = $input =~ /"port":(\d+)/;
my ($name) = $input =~ /"name":"([^"]+)"/;
my @got;
socket(my $tcp, PF_INET, SOCK_STREAM, 0) or die "$!";
push @got, 'loopback' if connect($tcp, pack_sockaddr_in($port, INADDR_LOOPBACK));
if (socket(my $unix, PF_UNIX, SOCK_STREAM, 0)) {
    push @got, 'abstract' if connect($unix, pack_sockaddr_un("\0$name"));
}
if (socketpair(my $one, my $other, PF_UNIX, SOCK_DGRAM, 0)) {
    push @got, 'datagram' if send($one, 'x', 0, pack_sockaddr_un("\0$name-datagrams"));
}
if (socket(my $public, PF_INET, SOCK_DGRAM, 0)) { # no packet is sent, but there must be a route
    push @got, 'route' if connect($public, pack_sockaddr_in(53, inet_aton('8.8.8.8')));
}
push @got, 'raw' if socket(my $raw, PF_INET, 3, 1);
push @got, 'packet' if socket(my $packet, 17, 3, 0x0300);
push @got, 'vsock' if socket(my $vsock, 40, SOCK_STREAM, 0);
push @got, 'crypto' if socket(my $crypto, 38, 5, 0);
print '[', join(',', map { "\"$_\"" } @got), "]\n";
