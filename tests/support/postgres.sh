# SPDX-License-Identifier: MIT
#
# A server of PostgreSQL for a test, in a folder of its own, that only a socket in that folder
# leads to:
#
#     . "$SOURCE_DIRECTORY/tests/support/postgres.sh"
#     postgres_is_here || skip
#     postgres_begin || fail                 # sets PGHOST, PGUSER, PGDATABASE
#     psql -qc "create table ..."
#     postgres_end                           # also when the test ends early: trap postgres_end EXIT
#
# initdb refuses root, so then the server is nobody's.

postgres_programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$postgres_programs" ] || postgres_programs=$(pg_config --bindir 2>/dev/null)

postgres_is_here()
{
    [ -x "$postgres_programs/initdb" ] && command -v psql >/dev/null 2>&1 || return 1
    [ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null 2>&1
}

# What sanitizers want to be told is not for the server.
as_postgres()
{
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups "$@")
    else
        "$@"
    fi
}

postgres_start()
{
    as_postgres "$postgres_programs/pg_ctl" -s -w -D "$postgres_folder/data" \
        -l "$postgres_folder/log" -o "-k $postgres_folder -c listen_addresses='' -c fsync=off \
-c full_page_writes=off -c max_connections=20 -c shared_buffers=16MB \
-c autovacuum=off -c dynamic_shared_memory_type=mmap" start >/dev/null 2>&1 </dev/null
}

# postgres_stop MODE: fast, or immediate, which is as if it were killed; what was committed stays,
# since commits are not asynchronous
postgres_stop()
{
    as_postgres "$postgres_programs/pg_ctl" -s -w -m "$1" -D "$postgres_folder/data" stop \
        >/dev/null 2>&1
}

postgres_begin()
{
    postgres_folder=$(mktemp -d /tmp/carpel-pg-XXXXXX) || return 1
    [ "$(id -u)" -ne 0 ] || chown nobody "$postgres_folder"
    chmod 755 "$postgres_folder"
    as_postgres "$postgres_programs/initdb" -N -D "$postgres_folder/data" -U tester -A trust \
        -E UTF8 --no-locale --no-instructions >/dev/null 2>&1 &&
        echo "local all asked scram-sha-256
local all refused reject
local all all trust" | as_postgres tee "$postgres_folder/data/pg_hba.conf" >/dev/null &&
        postgres_start || return 1
    PGHOST=$postgres_folder PGUSER=tester PGDATABASE=postgres PGPORT=5432
    export PGHOST PGUSER PGDATABASE PGPORT
    unset PGPASSWORD PGSERVICE PGSSLMODE
}

postgres_end()
{
    [ -n "${postgres_folder-}" ] || return 0
    postgres_stop immediate
    rm -rf "$postgres_folder"
    postgres_folder=
}
