#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# Turns cases into projects: each line of the file is a case (a JSON object with id, events,
# traits, now, question, expected), and becomes a folder of its own:
#
#     FOLDER/ID/carpel.yaml    with the kinds of events and traits that the case has
#     FOLDER/ID/data/*.jsonl   events; traits with a time; traits without
#     FOLDER/ID/now, question, expected
#
#     make-projects.pl CASES FOLDER
use strict;
use warnings;
use JSON::PP;

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

# The type that holds all values there are of a property; undef for lists and records.
sub type_of {
    my %met;
    for my $value (@_) {
        my $is = JSON::PP::is_bool($value)                               ? 'bool'
            : ref $value                                                 ? 'other'
            : $json->encode($value) !~ /^"/                ? ($value =~ /^-?\d+$/ ? 'int' : 'number')
            : $value =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d/                     ? 'time'
            :                                                              'string';
        $met{$is} = 1;
    }
    return undef if $met{other};
    return 'number' if join(' ', sort keys %met) eq 'int number';
    return keys %met == 1 ? (keys %met)[0] : 'string';
}

# {name => type} of the properties of these rows.
sub types_of {
    my %values;
    for my $row (@_) {
        push @{$values{$_}}, $row->{props}{$_} for keys %{$row->{props}};
    }
    my %types = map { ($_ => type_of(@{$values{$_}})) } keys %values;
    return {map { ($_ => $types{$_}) } grep { defined $types{$_} } keys %types};
}

sub write_file {
    my ($path, @lines) = @_;
    open my $out, '>', $path or die "make-projects: cannot write $path: $!\n";
    print $out map { "$_\n" } @lines;
    close $out or die "make-projects: cannot write $path: $!\n";
}

# A source of these rows, if there are any; JSON's objects are YAML's mappings.
sub source {
    my ($folder, $name, $keys, $is_known, @rows) = @_;
    return () if !@rows;
    write_file("$folder/data/$name.jsonl", map { $json->encode($_) } @rows);
    my $fields = {map { ($_ => "props.$_") } keys %$is_known};
    return {name => $name, plugin => 'jsonl', files => "data/$name.jsonl", person => 'user', %$keys,
        %$fields ? (($keys->{event} ? 'properties' : 'traits') => $fields) : ()};
}

sub make_project {
    my ($case, $folder) = @_;
    mkdir $folder;
    mkdir "$folder/data";
    my %name = map { ($_->{id} => $_->{user}) } @{$case->{aliases} // []};
    my @events = @{$case->{events}};
    my @traits = @{$case->{traits}};
    $_->{user} = $name{$_->{user}} // $_->{user} for @events, @traits;

    my %kinds;
    push @{$kinds{$_->{event}}}, $_ for @events;
    my %project = (
        name => $case->{id},
        events => {map { ($_ => types_of(@{$kinds{$_}})) } keys %kinds},
        traits => types_of(@traits),
        sources => [
            source($folder, 'events', {time => 'ts', event => {from => 'event'}}, types_of(@events), @events),
            source($folder, 'timed', {time => 'ts'}, types_of(@traits), grep { defined $_->{ts} } @traits),
            source($folder, 'timeless', {}, types_of(@traits), grep { !defined $_->{ts} } @traits)]);
    write_file("$folder/carpel.yaml", $json->encode(\%project));
    write_file("$folder/now", $case->{now});
    write_file("$folder/question", $json->encode($case->{question}));
    write_file("$folder/expected", @{$case->{expected}});
}

die "make-projects.pl CASES FOLDER\n" if @ARGV != 2;
my ($cases, $folder) = @ARGV;
open my $in, '<', $cases or die "make-projects: cannot read $cases: $!\n";
while (my $line = <$in>) {
    next if $line !~ /\S/;
    my $case = $json->decode($line);
    die "make-projects: line $.: a strange id\n" if $case->{id} !~ /^[a-z0-9-]+$/;
    make_project($case, "$folder/$case->{id}");
}
