# SPDX-License-Identifier: MIT
#
# Bench::Sql -- the script that bench/peer is given: how an engine loads its tables, and every
# statement that it will be asked for, each under a name of the form WHAT_SEGMENT.
#
#     open my $out, ...; print $out Bench::Sql::script("duckdb", $shared, $project_folders);
package Bench::Sql;

use strict;
use warnings;
use File::Basename qw(dirname);
use File::Spec;

my $here = File::Spec->rel2abs(dirname(__FILE__) . "/../..");

# The edges of the windows, as of 2026-01-01.
my %instants = (
    T365 => "2025-01-01 00:00:00", T180 => "2025-07-05 00:00:00",
    T90 => "2025-10-03 00:00:00", T60 => "2025-11-02 00:00:00",
    T30 => "2025-12-02 00:00:00", T7 => "2025-12-25 00:00:00",
    T1 => "2025-12-31 00:00:00", T0 => "2026-01-01 00:00:00");

# What the statements' $NAMEs stand for, as arguments of bench/peer.
sub variables
{
    my ($data) = @_;
    return ("DIR=$data", "TBL=ev_sorted", map { "$_=$instants{$_}" } sort keys %instants);
}

sub read_file
{
    my ($path) = @_;
    open my $in, "<", $path or die "bench: $path: $!\n";
    local $/;
    return scalar <$in>;
}

# The statements of a file under other names.
sub named
{
    my ($prefix, $path) = @_;
    my $sql = read_file($path);
    $sql =~ s/^-- \@/-- \@${prefix}_/mg;
    return $sql;
}

# Tiles by rank, as those of carpel are: ties share one.
my %tiles = (
    duckdb => sub { "1 + (5 * (rank() OVER ($_[0] ORDER BY $_[1]) - 1)) // count(*) OVER ($_[0])" },
    clickhouse => sub {
        "1 + intDiv(5 * (rank() OVER ($_[0] ORDER BY $_[1]) - 1), count() OVER ($_[0]))"
    });

sub with_shared_tiles
{
    my ($engine, $sql) = @_;
    my $tile = $tiles{$engine};
    $sql =~ s/ntile\(5\) OVER \(((?:PARTITION BY \S+)?) ?ORDER BY (\w+), user_id\)/$tile->($1, $2)/ge;
    return $sql;
}

# One form of the forty segments in one statement. ClickHouse fills a table that stays.
sub forty
{
    my ($name, $path) = @_;
    my $sql = read_file($path);
    $sql =~ s/^-- \@setup1\n.*\n//m;
    $sql =~ s/^-- \@setup2\nCREATE TABLE/-- \@load_result\nCREATE TABLE IF NOT EXISTS/m;
    $sql =~ s/^-- \@trunc/-- \@clear/m;
    $sql =~ s/^-- \@expert/-- \@$name/m;
    return $sql;
}

# The rows of each pair of a kind of event and days back that bench/shop40/floor.tsv names.
sub counts
{
    my ($table, @pairs) = @_;
    return join "", map {
        my ($event, $days) = @$_;
        "-- \@rows_${event}_$days\nSELECT count(*) FROM $table WHERE event = '$event'"
            . " AND ts >= CAST('2026-01-01' AS DATE) - INTERVAL $days DAY\n"
    } @pairs;
}

# A day as the number of its digits.
my %day_numbers = (
    duckdb => "replace(signup_date::VARCHAR, '-', '')::BIGINT",
    clickhouse => "toYYYYMMDD(signup_date)");

# The other forty, and their sizes; the last two are of cohorts, which a date names.
sub journeys
{
    my ($engine) = @_;
    my @people = map { sprintf "j%02d", $_ } 1 .. 38;
    my $sizes = join "", map { "-- \@walked_$_\nSELECT count(*), coalesce(sum(user_id), 0) FROM journeys WHERE $_\n" } @people;
    my $day = $day_numbers{$engine};
    $sizes .= "-- \@walked_$_\nSELECT count(*), coalesce(sum($day), 0) FROM cohorts WHERE $_\n" for qw(j39 j40);
    return read_file("$here/journeys/$engine.sql") . $sizes;
}

sub script
{
    my ($engine, $shared, @pairs) = @_;
    my $is_duckdb = $engine eq "duckdb";
    my $load = $is_duckdb
        ? read_file("$here/duckdb-load.sql") . read_file("$here/duckdb-sorted.sql")
        : read_file("$here/clickhouse-sorted.sql");
    my $forty = $is_duckdb
        ? forty("forty", "$shared/expert_duckdb_c.sql")
        : forty("forty_b", "$shared/expert_clickhouse_b.sql")
            . forty("forty_c", "$shared/expert_clickhouse_c.sql");
    my $single = named("single", "$shared/naive_$engine.sql");
    return $load . "-- \@version\nSELECT version()\n"
        . counts($is_duckdb ? "ev_sorted" : "ev2", @pairs)
        . with_shared_tiles($engine, $forty . $single)
        . journeys($engine)
        . named("sizes", "$shared/counts_$engine.sql");
}

1;
