# SPDX-License-Identifier: MIT
#
# A server of Redis for a test, in a folder of its own, that only a socket in that folder leads to:
#
#     . "$SOURCE_DIRECTORY/tests/support/redis.sh"
#     redis_is_here || skip
#     redis_begin || fail                    # sets REDIS, the path of the socket
#     redis SADD key member                  # redis-cli
#     redis_end                              # also when the test ends early: trap redis_end EXIT
#
# What it has is written to its folder with each change, so a server that was killed and is started
# again has what it answered for.

redis_is_here()
{
    command -v redis-server >/dev/null 2>&1 && command -v redis-cli >/dev/null 2>&1
}

redis()
{
    redis-cli -s "$REDIS" "$@" </dev/null
}

# redis_start [OPTION...]: further options of the server
redis_start()
{
    redis-server --port 0 --unixsocket "$REDIS" --dir "$redis_folder" --save '' --appendonly yes \
        --appendfsync always --logfile "$redis_folder/log" --enable-debug-command local "$@" \
        >/dev/null 2>&1 </dev/null &
    REDIS_PROCESS=$!
    export REDIS_PROCESS
    until redis PING 2>/dev/null | grep -q 'PONG\|NOAUTH'; do
        kill -0 "$REDIS_PROCESS" 2>/dev/null || return 1
    done
}

# redis_kill: as if the machine had ended
redis_kill()
{
    kill -9 "$REDIS_PROCESS" 2>/dev/null
    wait "$REDIS_PROCESS" 2>/dev/null
}

redis_begin()
{
    redis_folder=$(mktemp -d /tmp/carpel-redis-XXXXXX) || return 1
    REDIS=$redis_folder/redis.sock
    export REDIS
    unset REDISCLI_AUTH
    redis_start "$@"
}

redis_end()
{
    [ -n "${redis_folder-}" ] || return 0
    redis_kill
    rm -rf "$redis_folder"
    redis_folder=
}
