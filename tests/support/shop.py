"""A small service with a memory, for journeys: logins, sessions, a cart. It counts what it was asked, and what was wrong.

    shop.py          # prints the port, serves until its stdin ends, then prints its counters as JSON

POST /login {"user", "password"} sets the cookie `sid` and answers {"token"}; everything under /api needs both.
POST /api/cart answers {"cart": {"id"}}; GET /api/cart/ID?row=... answers {"ok": true} for a cart of this session.
POST /logout ends the session. /broken answers without a token, /slow after 300 ms.
"""
import http.server
import json
import sys
import threading
import time

counters = {"logins": 0, "logouts": 0, "carts": 0, "reads": 0, "wrong": [], "rows": [], "other": 0}
sessions, carts = {}, {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def wrong(self, why):
        counters["wrong"].append(why)
        self.answer(400, {"ok": False, "why": why})

    def login(self):
        credentials = json.loads(self.body())
        with lock:
            counters["logins"] += 1
            sid = f"s{counters['logins']}"
            if credentials["password"] != credentials["user"] + "-secret":
                return self.wrong("password")
            sessions[sid] = f"t {sid}/{credentials['user']}"
        self.answer(200, {"token": sessions[sid]}, [("Set-Cookie", f"sid={sid}; Path=/; HttpOnly")])

    def session(self):
        sid = self.headers.get("Cookie", "").removeprefix("sid=")
        if sid in sessions and self.headers.get("Authorization") == "Bearer " + sessions[sid]:
            return sid
        return None

    def do_POST(self):
        if self.path == "/login":
            return self.login()
        body = self.body()
        with lock:
            if self.path == "/logout":
                counters["logouts"] += 1
                return self.answer(200, {}) if self.session() else self.wrong("logout")
            sid = self.session()
            if self.path != "/api/cart" or sid is None:
                return self.wrong("POST " + self.path)
            counters["carts"] += 1
            cart = f"{sid}/c {counters['carts']}"
            carts[cart] = sid
            if json.loads(body).get("item") is None:
                return self.wrong("item")
        self.answer(201, {"cart": {"id": cart}})

    def do_GET(self):
        from urllib.parse import parse_qs, unquote, urlsplit

        url = urlsplit(self.path)
        if url.path == "/slow":
            time.sleep(0.3)
        with lock:
            if url.path.startswith("/api/cart/"):
                cart = unquote(url.path.removeprefix("/api/cart/"))
                counters["reads"] += 1
                if self.session() is None or carts.get(cart) != self.session():
                    return self.wrong("GET " + self.path)
                counters["rows"].append(parse_qs(url.query)["row"][0])
                return self.answer(200, {"ok": True})
            counters["other"] += 1
        self.answer(200, {"ok": False})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
with lock:
    print(json.dumps(counters), flush=True)
