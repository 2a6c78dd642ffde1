# SPDX-License-Identifier: MIT
#
# Bench::Engine -- a program that stays open with its data and does what it is asked, a line at
# a time: bench/evaluate or bench/peer. bench/requests.h tells what is said.
#
#     my $engine = Bench::Engine->start("DuckDB", "build/bench/peer", "duckdb", ...);
#     my $milliseconds = $engine->ask("run expert");
#     my ($took, @rows) = $engine->ask("show sizes");
#     $engine->stop;
package Bench::Engine;

use strict;
use warnings;
use IPC::Open2 qw(open2);

sub start
{
    my ($class, $name, @command) = @_;
    my $self = bless {name => $name}, $class;
    $self->{process} = open2($self->{answers}, $self->{requests}, @command);
    return $self;
}

# The milliseconds that a request took and the rows that were printed, each a list of cells;
# in scalar context the milliseconds alone. What cannot be done ends the run.
sub ask
{
    my ($self, $request) = @_;
    my ($answers, $requests) = @$self{qw(answers requests)};
    print $requests "$request\n";
    $requests->flush;
    my @rows;
    while (my $line = <$answers>) {
        chomp $line;
        return wantarray ? ($1, @rows) : $1 if $line =~ /^done (.*)/;
        die "bench: $self->{name}: $request: $1\n" if $line =~ /^failed (.*)/;
        push @rows, [split /\t/, $line];
    }
    die "bench: $self->{name} ended when it was asked \"$request\"\n";
}

# The one row of an answer.
sub row
{
    my ($self, $request) = @_;
    my ($took, $row) = $self->ask($request);
    return @$row;
}

sub stop
{
    my ($self) = @_;
    close $self->{requests};
    waitpid $self->{process}, 0;
}

1;
