# SPDX-License-Identifier: MIT
#
# A receiver of webhooks for tests:
#
#     python3 receiver.py LOG KEY-IN-BASE64
#
# listens on 127.0.0.1, says its port, and writes a line into LOG for each request that it was
# sent: path, id, how many rows, and whether the signature is right. What it answers is said by
# the path, whose first word is one of
#
#     ok        200
#     ID-N      the status N to the first two requests of an id, then 200
#     ALL-N     the status N
#     BATCH-N   the status N to each second batch, else 200
#     after     429 with Retry-After: 0 to the first one of an id, then 200
#     moved     302 to /ok
#     slow      a head, and then a byte of the body now and then, without an end
#     reset     the connection is broken off
#     garbage   no HTTP
import base64
import hashlib
import hmac
import http.server
import json
import socket
import struct
import sys
import threading

log_path, key = sys.argv[1], base64.b64decode(sys.argv[2])
seen = {}
stopping = threading.Event()


def is_right(headers, body):
    signed = b"%s.%s." % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode())
    want = base64.b64encode(hmac.new(key, signed + body, hashlib.sha256).digest()).decode()
    return "v1," + want in headers.get("webhook-signature", "").split(" ")


class Receiver(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, extra=()):
        body = b"{\"told\": \"%d\"}" % status
        self.send_response(status)
        for name, value in extra:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def slow(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not stopping.wait(0.02):
            self.wfile.write(b" ")

    def do_GET(self):
        self.note("GET", b"")
        self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        word = self.path.split("/")[1]
        ident = self.headers["webhook-id"]
        count = seen[word, ident] = seen.get((word, ident), 0) + 1
        data = json.loads(body)["data"]
        self.note(ident, body)
        kind, _, status = word.partition("-")
        if word == "reset":
            self.reset()
        elif word == "slow":
            self.slow()
        elif word == "garbage":
            self.wfile.write(b"this is no answer\n")
            self.close_connection = True
        elif word == "moved":
            self.answer(302, [("Location", "/ok")])
        elif word == "after" and count == 1:
            self.answer(429, [("Retry-After", "0")])
        elif kind == "ALL" or (kind == "ID" and count <= 2) or \
                (kind == "BATCH" and data["batch"] % 2 == 0):
            self.answer(int(status))
        else:
            self.answer(200)

    def note(self, ident, body):
        rows = json.loads(body)["data"]["rows"] if body else []
        people = ",".join(row.get("person", "?") for row in rows)
        right = "signed" if body and is_right(self.headers, body) else "unsigned"
        with open(log_path, "a", encoding="utf-8") as log:
            log.write(f"{self.path} {ident} {people} {right}\n")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
