"""The cells of the trial matrix: which service, what is wrong with the candidate, and what the verdict ought to be.

A service is a function of the effect's strength that gives the argv; "{port}" is filled in by burstgate, "{seed}" by
run.py: another one for each side of each trial, or both sides would draw the same service times.
"""
import os
import shlex

HERE = os.path.dirname(os.path.abspath(__file__))


class Service:
    def __init__(self, argv, path="/x", ready="/_ready", profile="{users: 10, duration: 10s}", note=""):
        self.argv, self.path, self.ready, self.profile, self.note = argv, path, ready, profile, note


def serve(binary, time, work, slowdown=1.0, more=()):
    def argv(errors="0%", slower=slowdown, extra=more):
        endpoint = f"path=/x time={time} work={work} errors={errors}"
        return [binary, "serve", "--port", "{port}", "--seed", "{seed}", "--endpoint", endpoint, "--slowdown",
                f"{slower:g}", *extra]
    return argv


def services(binary, folder):
    cpu = serve(binary, "lognormal(1ms,0.3)", "cpu")
    wait = serve(binary, "lognormal(8ms,0.4)", "wait")

    def nginx(level):
        conf = os.path.join(folder, f"nginx-{level}.conf")
        with open(conf, "w") as f:
            f.write(NGINX.replace("LEVEL", str(level)))
        script = (f'p=$(mktemp -d); sed "s/PORT/$0/; s#PREFIX#$p#g; s#FOLDER#{folder}#" {shlex.quote(conf)} > $p/conf; '
                  'exec nginx -p $p -c $p/conf -e $p/error.log -g "daemon off; pid $p/pid;"')
        return ["sh", "-c", script, "{port}"]

    def node(factor):
        return ["env", f"FACTOR={factor:g}", "PORT={port}", "node", os.path.join(HERE, "node_service.js")]

    return {
        # name: (service, {effect: argv of the candidate})
        "cpu": (Service(cpu()), {"aa": cpu(), "+5": cpu(slower=1.05), "+10": cpu(slower=1.1), "+20": cpu(slower=1.2),
                                 "+30": cpu(slower=1.3), "errors": cpu(errors="1%"),
                                 "pause": cpu(extra=("--pause", "30ms/1s"))}),
        "wait": (Service(wait()), {"aa": wait(), "+5": wait(slower=1.05), "+10": wait(slower=1.1),
                                   "+20": wait(slower=1.2), "+30": wait(slower=1.3), "errors": wait(errors="1%"),
                                   "pause": wait(extra=("--pause", "30ms/1s"))}),
        # 20 places of 8 ms: the knee is at 2500/s; with 17 places, at 2125/s.
        "places": (Service(wait(extra=("--capacity", "20")), profile="{users: 40, duration: 10s}"),
                   {"aa": wait(extra=("--capacity", "20")), "capacity": wait(extra=("--capacity", "17"))}),
        "node": (Service(node(1), path="/", ready="/"), {"aa": node(1), "+10": node(1.1), "+20": node(1.2)}),
        "nginx": (Service(nginx(4), path="/page.txt", ready="/page.txt"), {"aa": nginx(4), "slower": nginx(6)}),
    }


NGINX = """
worker_processes 1;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path PREFIX/b; proxy_temp_path PREFIX/p; fastcgi_temp_path PREFIX/f; uwsgi_temp_path PREFIX/u;
  scgi_temp_path PREFIX/s;
  gzip on; gzip_comp_level LEVEL; gzip_types text/plain; gzip_min_length 1;
  server { listen 127.0.0.1:PORT; location / { root FOLDER; } }
}
"""

DEFAULT = ""
ONLY_CPU = """
regression:
  cpu_per_request: {fail: +10%}
"""

# Cells of the stored mode: each run is judged against the five before it (stored.py).
STORED = {
    "stored-wait-aa": ("wait", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
    "stored-cpu-aa": ("cpu", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
}

# cell: (service, effect, thresholds, which verdict is right, issue's target)
CELLS = {
    "cpu-aa": ("cpu", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
    "cpu+5": ("cpu", "+5", DEFAULT, "either", ""),
    "cpu+10": ("cpu", "+10", DEFAULT, "either", ""),
    "cpu+20": ("cpu", "+20", DEFAULT, "fail", "FAIL at least 95 %, PASS at most 1 %"),
    "cpu+30": ("cpu", "+30", DEFAULT, "fail", "FAIL at least 99 %"),
    "cpu-errors": ("cpu", "errors", DEFAULT, "fail", "FAIL at least 95 %"),
    "cpu-pause": ("cpu", "pause", DEFAULT, "fail", "FAIL at least 90 %"),
    "wait-aa": ("wait", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
    "wait+5": ("wait", "+5", DEFAULT, "either", ""),
    "wait+10": ("wait", "+10", DEFAULT, "either", ""),
    "wait+20": ("wait", "+20", DEFAULT, "fail", "FAIL at least 95 %, PASS at most 1 %"),
    "wait+30": ("wait", "+30", DEFAULT, "fail", "FAIL at least 99 %"),
    "wait-errors": ("wait", "errors", DEFAULT, "fail", "FAIL at least 95 %"),
    "wait-pause": ("wait", "pause", DEFAULT, "fail", "FAIL at least 90 %"),
    "places-aa": ("places", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
    "places-capacity": ("places", "capacity", DEFAULT, "fail", "FAIL at least 95 %"),
    "node-aa": ("node", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
    "node+20": ("node", "+20", DEFAULT, "fail", "FAIL at least 95 %"),
    "node-cpu-aa": ("node", "aa", ONLY_CPU, "pass", "FAIL at most 1 %"),
    "node-cpu+10": ("node", "+10", ONLY_CPU, "fail", "FAIL at least 95 %"),
    "nginx-aa": ("nginx", "aa", DEFAULT, "pass", "FAIL at most 1 %"),
    "nginx-slower": ("nginx", "slower", DEFAULT, "fail", ""),
    **STORED,
}
