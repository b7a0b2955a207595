use strict;
my $file = "/tmp/drover-hostile-$$";
open my $made, '>', $file or die "$file: $!";
my $buffer = "\0" x 256;
my $char = "x";
my @calls = (
    [ptrace => 101, 0, 0, 0, 0],
    [process_vm_readv => 310, $$, 0, 0, 0, 0, 0],
    [process_vm_writev => 311, $$, 0, 0, 0, 0, 0],
    [kcmp => 312, $$, $$, 0, 1, 1],
    [unshare => 272, 0],
    [setns => 308, -1, 0],
    [personality => 135, 0x0040000],
    [keyctl => 250, 0, -3, 0],
    [add_key => 248, "user", "drover-hostile", "x", 1, -3],
    [name_to_handle_at => 303, -1, "", $buffer, $buffer, 0],
    [open_tree => 428, -1, "x", 0],
    [mount_setattr => 442, -1, "x", 0, $buffer, 32],
    [fsopen => 430, "drover-no-such", 0],
    [perf_event_open => 298, 0, 0, -1, -1, 0],
    [io_uring_setup => 425, 0, 0],
    [clone3 => 435, 0, 0],
    [openat2 => 437, -1, "x", 0, 0],
    [chmod_setuid => 90, $file, 04755],
    [fchmod_setgid => 91, fileno $made, 02755],
    [open_setuid => 2, "$file.new", 0101, 04755],
    [tiocsti => 16, 0, 0x5412, $char],
    [clone_user => 56, 0x10000000 | 0x200, 0, 0, 0, 0], # which the kernel refuses, with another error
    [modify_ldt => 154, 0, $buffer, 0],
);
my @told;
for my $call (@calls) {
    my ($name, @words) = @$call;
    $! = 0;
    my $answer = syscall(shift @words, @words);
    push @told, sprintf '"%s":%d', $name, $answer < 0 ? $! + 0 : 0;
}
unlink $file, "$file.new";
print '{', join(',', @told), "}\n";
