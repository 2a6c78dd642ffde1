# SPDX-License-Identifier: MIT
#
# Ways to servers that break at seeded moments (tests/connectors/way.py), for a test that has sourced
# tests/support/tap.sh and has a folder $scratch:
#
#     way_seed NAME                      # CARPEL_SEED, or the time, and says it
#     way_listen=$scratch/way            # the path of its socket; 0: some port of this machine
#     way_measure SERVER COMMAND...      # runs COMMAND over a way without faults, to which $WAY leads
#     way_moment server                  # a moment in what went there then, in $way_bytes
#     way_over SERVER FAULT SIDE COMMAND...
#                                        # runs COMMAND over a way that breaks at such a moment;
#                                        # answers as COMMAND does; of the fault kill, $way_kill
#                                        # is what kills the server
#     way_stop SERVER SIDE COMMAND...    # stops a program by SIGTERM while nothing comes; answers as it does
#
# CARPEL_MOMENTS says how many moments of each kind are tried, where 1 to a few do without.

way_listen=0
way_process=

way_seed()
{
    way_seed=${CARPEL_SEED:-$(date +%s)}
    echo "# $1: CARPEL_SEED=$way_seed"
}

# way_begin SERVER FAULT SIDE BYTES
way_begin()
{
    rm -f "$scratch/way-ready"
    [ "$way_listen" = 0 ] || rm -f "$way_listen"
    mkfifo "$scratch/way-ready"
    python3 "$SOURCE_DIRECTORY/tests/connectors/way.py" "$way_listen" "$1" "$2" "$3" "$4" "$way_seed" \
        sh -c "${way_kill-:}" >"$scratch/way-ready" 2>"$scratch/way-said" 3<&- &
    way_process=$!
    exec 3<"$scratch/way-ready"
    read -r _ WAY <&3
    export WAY
}

way_end()
{
    [ -n "${way_process-}" ] || return 0
    kill "$way_process" 2>/dev/null
    wait "$way_process" 2>/dev/null
    way_process=
}

way_measure()
{
    way_begin "$1" none server 0
    shift
    "$@"
    way_status=$?
    way_end
    read -r way_to_server way_to_client <"$scratch/way-said"
    return $way_status
}

way_moment()
{
    way_seed=$(((way_seed * 1103515245 + 12345) % 2147483648))
    case $1 in
    server) way_bytes=$((way_seed / 7 % way_to_server + 1)) ;;
    client) way_bytes=$((way_seed / 7 % way_to_client + 1)) ;;
    esac
}

way_over()
{
    way_moment "$3"
    way_begin "$1" "$2" "$3" "$way_bytes"
    shift 3
    "$@"
    way_status=$?
    way_end
    return $way_status
}

# What goes differs by some bytes from run to run, so the very last moments are left out.
way_stop()
{
    way_moment "$2"
    way_bytes=$((way_bytes * 9 / 10 + 1))
    way_begin "$1" stall "$2" "$way_bytes"
    shift 2
    "$@" >"$scratch/said" 2>&1 3<&- &
    way_stopped=$!
    read -r _ <&3
    kill "$way_stopped"
    wait "$way_stopped"
    way_status=$?
    way_end
    return $way_status
}
