"""A monitor for the tests: writes each request into a file, and answers as it is told.

    test-monitor.py FILE answer|refuse|hang|move|circle|nowhere

It prints its port, and ends with its standard input.
"""

import http.server
import os
import sys
import threading


class Monitor(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path}{' ' + body if body else ''}\n")
        if sys.argv[2] == "hang":
            threading.Event().wait()
        has_moved = self.path.startswith("/moved/") and sys.argv[2] == "move"
        if sys.argv[2] in ("move", "circle", "nowhere") and not has_moved:
            self.send_response(302)
            if sys.argv[2] != "nowhere":
                self.send_header("Location", "/moved" + self.path)
        else:
            self.send_response(200 if sys.argv[2] == "answer" or has_moved else 500)
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Monitor)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
