# SPDX-License-Identifier: MIT
#
# A way to a server that breaks:
#
#     python3 way.py LISTEN SERVER FAULT SIDE BYTES SEED [COMMAND...]
#
# listens at LISTEN (the path of a socket, or 0 for some port of this machine), says "ready" and
# the port, and hands on what goes between its clients and SERVER (a path or a port). When BYTES bytes
# have gone to SIDE ("server" or "client") in all, FAULT happens, once:
#
#     none      nothing
#     kill      COMMAND is run, which kills the server; all connections are closed, and this ends
#     reset     the connection is reset at both ends
#     stall     nothing is handed on any more, of this connection and of later ones; it says "stalled"
#     pieces    what follows goes byte by byte, some thousand of them
#     garbage   in the place of the next message that begins, SIDE gets some bytes by chance (SEED), and the end
#     half      SIDE is told that nothing more comes; what it sends is still handed on
#
# On SIGTERM it writes how many bytes went to the server and to the client, and ends.
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import threading

listen, server_at, fault, fault_side = sys.argv[1:5]
limit, chance = int(sys.argv[5]), random.Random(int(sys.argv[6]))
command = sys.argv[7:]
lock = threading.Lock()
gone = {"server": 0, "client": 0}
state = {"has_happened": fault == "none", "is_stalled": False, "is_armed": False, "last_side": "client", "pieces": 0}
MOST_PIECES = 4000


def connect(at):
    if not at.isdigit():
        s = socket.socket(socket.AF_UNIX)
        s.connect(at)
        return s
    s = socket.create_connection(("127.0.0.1", int(at)))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def close(*ends):
    for end in ends:
        for step in (lambda: end.shutdown(socket.SHUT_RDWR), end.close):
            try:
                step()
            except OSError:
                pass


def reset(*ends):
    for end in ends:
        try:
            if end.family == socket.AF_INET:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RD)  # wakes who reads there
                end.close()
            else:
                close(end)
        except OSError:
            pass


def send(end, data):
    if state["pieces"] > 0 and state["has_happened"]:
        for at in range(min(len(data), state["pieces"])):
            end.sendall(data[at:at + 1])
        data, state["pieces"] = data[state["pieces"]:], max(0, state["pieces"] - len(data))
    end.sendall(data)


# What happens at the moment, behind which `rest` was to follow; what of it goes on.
def happen(source, target, rest):
    state["has_happened"] = True
    if fault == "kill":
        subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
        os._exit(0)
    if fault == "reset":
        reset(source, target)
    elif fault == "stall":
        state["is_stalled"] = True
        print("stalled", flush=True)
    elif fault == "pieces":
        state["pieces"] = MOST_PIECES
        return rest
    elif fault == "half":
        target.shutdown(socket.SHUT_WR)
        while source.recv(65536):
            pass
    return b""


# Hand on one piece, with what happens in it.
def hand_on(source, target, side, data):
    with lock:
        before, begins = gone[side], state["last_side"] != side
        gone[side] += len(data)
        state["last_side"] = side
        is_now = not state["has_happened"] and side == fault_side and gone[side] >= limit
        if is_now and fault == "garbage":
            state["has_happened"], state["is_armed"], is_now = True, True, False
        is_garbage = state["is_armed"] and side == fault_side and begins
        if is_garbage:
            state["is_armed"] = False
        if is_now:
            state["has_happened"] = True
    if is_garbage:
        target.sendall(chance.randbytes(64))
        close(source, target)
    elif is_now:
        head = max(0, limit - before)
        target.sendall(data[:head])
        send(target, happen(source, target, data[head:]))
    else:
        send(target, data)


def pump(source, target, side):
    try:
        while not state["is_stalled"]:
            data = source.recv(65536)
            if state["is_stalled"]:
                break
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            hand_on(source, target, side, data)
    except OSError:
        close(source, target)


def serve(listener):
    while True:
        client = listener.accept()[0]
        try:
            server = connect(server_at)
        except OSError:
            close(client)
            continue
        ends.extend((client, server))  # so that a stalled one stays open
        for pair in ((client, server, "server"), (server, client, "client")):
            threading.Thread(target=pump, args=pair, daemon=True).start()


def end(*_):
    print(gone["server"], gone["client"], file=sys.stderr, flush=True)
    os._exit(0)


ends = []
signal.signal(signal.SIGTERM, end)
if listen.isdigit():
    door = socket.create_server(("127.0.0.1", int(listen)))
else:
    door = socket.socket(socket.AF_UNIX)
    door.bind(listen)
    door.listen(20)
print("ready", door.getsockname()[1] if listen.isdigit() else listen, flush=True)
serve(door)
