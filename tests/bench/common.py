"""What the benches share: a pinned nginx, processes measured by their rusage, tables.

Loopback only. Every process is stopped by its pid.
"""
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BURSTGATE = os.environ.get("BURSTGATE", os.path.join(ROOT, "build/release/burstgate"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def need(*tools):
    missing = [t for t in tools if shutil.which(t) is None]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}; source ci/packages.sh; install_packages \"${{bench_packages[@]}}\"")
    if not os.path.exists(BURSTGATE):
        sys.exit(f"{BURSTGATE} is missing: cmake --preset release && cmake --build --preset release")


def pinned(core, argv):
    if core is None:
        return argv
    return ["taskset", "-c", str(core)] + argv


def median(values):
    return statistics.median(values)


def table(header, rows):
    """Prints a Markdown table."""
    widths = [max(len(str(r[i])) for r in [header] + rows) for i in range(len(header))]
    line = lambda cells: "| " + " | ".join(str(c).ljust(w) for c, w in zip(cells, widths)) + " |"
    print(line(header))
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for row in rows:
        print(line(row))
    sys.stdout.flush()


class Measured:
    """A finished process: output, CPU seconds (user + sys), peak resident KiB, wall seconds."""

    def __init__(self, argv, cwd=None, timeout=300):
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        begin = time.monotonic()
        process = subprocess.Popen(argv, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=cwd)
        # Waits without polling: a bench that wakes up every few milliseconds disturbs what it measures.
        watchdog = threading.Timer(timeout, process.kill)
        watchdog.start()
        _, status, usage = os.wait4(process.pid, 0)
        watchdog.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall_s = time.monotonic() - begin
        self.exit_code = process.returncode
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.peak_kib = usage.ru_maxrss
        out.seek(0), err.seek(0)
        self.out, self.err = out.read().decode(errors="replace"), err.read().decode(errors="replace")
        if self.wall_s >= timeout:
            raise RuntimeError(f"{argv} did not end in {timeout} s")


class Nginx:
    """One worker on the given core, serving /small (3 bytes) and /k (1 KiB)."""

    def __init__(self, core=0, connections=20000, extra=""):
        self.folder = tempfile.mkdtemp(prefix="burstgate-bench-")
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        with open(os.path.join(self.folder, "k"), "w") as f:
            f.write("x" * 1024)
        config = f"""
worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;
worker_rlimit_nofile {connections + 100};
events {{ worker_connections {connections}; }}
http {{
  ssl_protocols TLSv1.2 TLSv1.3; access_log off; keepalive_requests 100000000; keepalive_timeout 300s;
  client_body_temp_path {self.folder}; proxy_temp_path {self.folder}; fastcgi_temp_path {self.folder};
  uwsgi_temp_path {self.folder}; scgi_temp_path {self.folder};
  server {{
    listen 127.0.0.1:{self.port} backlog=16384;
    location = /small {{ return 200 "ok\\n"; }}
    location = /k {{ root {self.folder}; }}
    {extra}
  }}
}}
"""
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w") as f:
            f.write(config)
        self.process = subprocess.Popen(pinned(core, ["nginx", "-c", path, "-p", self.folder]), stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("nginx did not start")

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Serve:
    """`burstgate serve` on the given core."""

    def __init__(self, flags, core=0):
        self.process = subprocess.Popen(pinned(core, [BURSTGATE, "serve"] + flags), stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.base = re.search(r"http://\S+?:\d+", line).group(0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(5)


def burstgate_run(url, folder, flags, core=1):
    """Runs `burstgate run` pinned; returns the measured process and the result JSON."""
    import json

    result = os.path.join(folder, "result.json")
    measured = Measured(pinned(core, [BURSTGATE, "run", url, "--quiet", "--output", result] + flags), cwd=folder)
    with open(result) as f:
        return measured, json.load(f)
