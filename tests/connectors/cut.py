# SPDX-License-Identifier: MIT
#
# A way to a server of PostgreSQL that breaks:
#
#     python3 cut.py FOLDER SERVER-FOLDER SIDE BYTES COMMAND...
#
# listens on the socket FOLDER/.s.PGSQL.5432 and hands on what goes between its clients and
# SERVER-FOLDER/.s.PGSQL.5432. When BYTES bytes have gone to SIDE ("server" or "client") in all,
# COMMAND is run, which kills the server, and all connections are closed. It says "ready" when
# it listens, and ends with the first client that is cut, or on SIGTERM.
import os
import select
import socket
import subprocess
import sys

folder, server_folder, side, limit = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
command = sys.argv[5:]
listener = socket.socket(socket.AF_UNIX)
listener.bind(os.path.join(folder, ".s.PGSQL.5432"))
listener.listen(20)
print("ready", flush=True)
pairs = {}  # each end and the other one
to_server = set()  # ends at which clients are, whose bytes go to the server


def join(client):
    server = socket.socket(socket.AF_UNIX)
    server.connect(os.path.join(server_folder, ".s.PGSQL.5432"))
    pairs[client], pairs[server] = server, client
    to_server.add(client)


def part(end):
    for one in (end, pairs[end]):
        del pairs[one]
        to_server.discard(one)
        one.close()


while True:
    for end in select.select([listener, *pairs], [], [])[0]:
        if end is listener:
            join(listener.accept()[0])
            continue
        if end not in pairs:
            continue
        try:
            data = end.recv(65536)
            counts = (end in to_server) == (side == "server")
            if counts:
                data = data[:limit]
                limit -= len(data)
            if data:
                pairs[end].sendall(data)
            else:
                part(end)
        except OSError:
            part(end)
            continue
        if counts and limit == 0:
            subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
            sys.exit(0)
