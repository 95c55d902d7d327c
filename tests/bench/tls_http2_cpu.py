#!/usr/bin/env python3
"""CPU per request over HTTPS and HTTP/2 beside h2load, on the same nginx, nghttpd and h2o.

The server on core 0, the generator on core 1 with one thread, runs alternating between the two tools in random order; user + sys CPU of
the whole generator process by rusage, start-up and handshakes included. What burstgate does besides sending, such as its reference probe of 0.9 s,
is measured by runs of one request and taken off. Both offer the same cipher first. Aim: at most h2load's CPU per request.

    tests/bench/tls_http2_cpu.py [rounds] [seconds] [words that the name of a scene contains]
"""
import getpass
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from common import *

BODY = "/k"  # 1 KiB
TLS, TLS2, CLEAR2 = free_port(), free_port(), free_port()


def certificate(folder):
    key, pem = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem],
                   check=True, capture_output=True)
    return key, pem


def listening(process, port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("a server did not start")


def start_nghttpd(folder, port):
    with open(os.path.join(folder, "k"), "w") as f:
        f.write("x" * 1024)
    return listening(subprocess.Popen(pinned(0, ["nghttpd", "--no-tls", "-a", "127.0.0.1", "-d", folder, str(port)]),
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), port)


def start_h2o(folder, port, key, pem):
    path = os.path.join(folder, "h2o.conf")
    with open(path, "w") as f:
        f.write(f"""
listen: {{host: 127.0.0.1, port: {port}, ssl: {{key-file: {key}, certificate-file: {pem}, ocsp-update-interval: 0}}}}
num-threads: 1
max-connections: 4096
user: {getpass.getuser()}
hosts: {{default: {{paths: {{/: {{file.dir: {folder}}}}}}}}}
""")
    return listening(subprocess.Popen(pinned(0, ["h2o", "-c", path]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), port)


def burstgate(folder, url, http, streams, users, seconds, wait="0s"):
    with open(os.path.join(folder, "bench.yaml"), "w") as f:
        tls = ", tls: {insecure: true}" if url.startswith("https") else ""
        sharing = f", http: 2, streams: {streams}" if http == 2 else ""
        f.write(f'service: {{url: "{url}"{sharing}{tls}}}\nworkload: {{scenarios: [{{wait: {wait}, steps: [{{get: {BODY}}}]}}]}}\n'
                f"profiles: {{bench: {{users: {users}, duration: {seconds}s, warmup: 0s}}}}\nthreads: 1\n"
                "thresholds: {limits: {error_rate: {fail: 50%}}}\n")
    m = Measured(pinned(1, [BURSTGATE, "run", "--quiet", "--config", folder + "/bench.yaml", "--output", folder + "/result.json"]), cwd=folder)
    with open(folder + "/result.json") as f:
        totals = json.load(f)["totals"]
    assert totals["failed"] == 0 and totals["ok"] > 0, m.out + m.err
    return m, totals["ok"]


# CPU of a run that sends next to nothing.
def beside(folder, url, http, streams, seconds):
    return median([burstgate(folder, url, http, streams, 1, seconds, "60s")[0].cpu_s for _ in range(3)])


def h2load(folder, url, http, streams, users, seconds):
    protocol = ["--tls13-ciphers=TLS_AES_256_GCM_SHA384"] + (["--h1"] if http == 1 else [])
    m = Measured(pinned(1, ["h2load", *protocol, "-t1", f"-c{users // streams}", f"-m{streams}", f"-D{seconds}", url + BODY]), cwd=folder)
    done, failed = re.search(r"requests: (\d+) total.*?(\d+) failed", m.out).groups()
    assert int(failed) == 0, m.out
    return m, int(done)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    need("nginx", "nghttpd", "h2o", "h2load", "openssl", "taskset")
    order = random.Random(1)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        key, pem = certificate(folder)
        extra = (f"listen 127.0.0.1:{TLS} ssl backlog=4096; listen 127.0.0.1:{TLS2} ssl http2 backlog=4096; "
                 f"listen 127.0.0.1:{CLEAR2} http2 backlog=4096; ssl_certificate {pem}; ssl_certificate_key {key};")
        ports = {"nghttpd": free_port(), "h2o": free_port()}
        with Nginx(core=0, extra=extra):
            servers = [start_nghttpd(folder, ports["nghttpd"]), start_h2o(folder, ports["h2o"], key, pem)]
            try:
                scenes = [
                    ("HTTPS/1.1, nginx, 50 connections", f"https://127.0.0.1:{TLS}", 1, 1, 50),
                    ("HTTPS/1.1, h2o, 50 connections", f"https://127.0.0.1:{ports['h2o']}", 1, 1, 50),
                    ("h2, nginx, 50 connections, 1 stream each", f"https://127.0.0.1:{TLS2}", 2, 1, 50),
                    ("h2, nginx, 5 connections, 10 streams each", f"https://127.0.0.1:{TLS2}", 2, 10, 50),
                    ("h2, h2o, 5 connections, 10 streams each", f"https://127.0.0.1:{ports['h2o']}", 2, 10, 50),
                    ("h2c, nginx, 50 connections, 1 stream each", f"http://127.0.0.1:{CLEAR2}", 2, 1, 50),
                    ("h2c, nghttpd, 5 connections, 10 streams each", f"http://127.0.0.1:{ports['nghttpd']}", 2, 10, 50),
                ]
                print(f"1 KiB body, median of {rounds} alternating runs of {seconds} s, CPU us/request\n")
                for name, url, http, streams, users in scenes:
                    if wanted not in name:
                        continue
                    off = beside(folder, url, http, streams, seconds)
                    cpu, rps = {burstgate: [], h2load: []}, {burstgate: [], h2load: []}
                    for _ in range(rounds):
                        for tool in order.sample([burstgate, h2load], k=2):
                            m, requests = tool(folder, url, http, streams, users, seconds)
                            cpu[tool].append((m.cpu_s - (off if tool == burstgate else 0)) * 1e6 / requests)
                            rps[tool].append(requests / seconds)
                    ratios = sorted(b / h for b, h in zip(cpu[burstgate], cpu[h2load]))
                    rows.append([name, f"{median(cpu[burstgate]):.2f}", f"{median(cpu[h2load]):.2f}",
                                 f"{median(cpu[burstgate]) / median(cpu[h2load]):.2f}", f"{ratios[0]:.2f}-{ratios[-1]:.2f}",
                                 f"{median(rps[burstgate]):.0f}", f"{median(rps[h2load]):.0f}"])
                    print(rows[-1], flush=True)
            finally:
                for server in servers:
                    server.terminate()
                    server.wait(5)
    print()
    table(["", "burstgate", "h2load", "x h2load", "ratio per round", "requests/s", "h2load's"], rows)


main()
