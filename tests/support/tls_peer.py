"""A TLS server for tests that does one rude thing, and prints what it saw.

    tls_peer.py MODE CERT KEY

Prints the port, then a line per connection. Ends after a minute if nobody ends it earlier.
"""
import signal
import socket
import ssl
import sys
import threading
import time

mode, cert, key = sys.argv[1:4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
if mode == "tls12":
    context.maximum_version = ssl.TLSVersion.TLSv1_2
if mode == "wrong_alpn":
    context.set_alpn_protocols(["http/1.1"])
if mode == "want_client":
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations("certs/ca.pem")


def say(text):
    print(text, flush=True)


def saw_name(connection, name, _):
    connection.server_name_seen = name


context.sni_callback = saw_name
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
TO_THE_END = b"HTTP/1.1 200 OK\r\n\r\nall there is"


def answers(tls):
    request = tls.recv(65536)
    say(f"name={getattr(tls, 'server_name_seen', None)} resumed={tls.session_reused} version={tls.version()} alpn={tls.selected_alpn_protocol()}")
    if not request:
        return
    if mode in ("cut", "close_notify"):  # the body ends with the connection, with and without a farewell
        tls.sendall(TO_THE_END)
        if mode == "close_notify":
            tls.unwrap()
    elif mode == "length_cut":
        tls.sendall(LENGTH)
    elif mode == "events":  # one each 20 ms, and without an end
        while request:
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: here it comes\n\n")
            for number in range(1000):
                time.sleep(0.02)
                tls.sendall(b"data: %d\n\n" % number)
    elif mode == "garbage":
        tls.sendall(LENGTH[:20])
        socket.socket(fileno=tls.detach()).sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32 + b"y" * 64)
    elif mode == "huge_record":
        raw = socket.socket(fileno=tls.detach())
        raw.sendall(b"\x17\x03\x03\xff\xff" + b"x" * 70000)
    else:
        while request:
            tls.sendall(LENGTH)
            request = tls.recv(65536)


def serve(raw):
    try:
        raw.settimeout(10)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if mode == "hang":
            while raw.recv(65536):
                pass
        elif mode == "partial":
            raw.recv(65536)
            raw.sendall(b"\x16\x03\x03\x00\x7a\x02\x00")
            while raw.recv(65536):
                pass
        elif mode == "close_at_once":
            pass
        elif mode == "plain_http":
            raw.recv(65536)
            raw.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        else:
            tls = context.wrap_socket(raw, server_side=True, suppress_ragged_eofs=True)
            answers(tls)
            raw = tls
    except OSError as error:
        say(f"error={getattr(error, 'reason', error)}")
    finally:
        raw.close()


listener = socket.create_server(("127.0.0.1", 0), backlog=64)
say(listener.getsockname()[1])
signal.alarm(60)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
