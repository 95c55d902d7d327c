#!/usr/bin/env python3
"""Open model: do as many requests arrive at the service as the rate says?

    tests/bench/arrivals.py

The built-in service counts what it gets; each row is one burst of 10 s without warm-up. Constant rates, and a ramp whose
area says how many there must be. Exit 1 when the service's count, or what the result says, is off by more than 0.1 %.
"""
import json
import sys
import tempfile
import urllib.request

from common import *

RAMP = """profiles:
  ramp: {stages: [{rate: %d/s, over: 4s}, {rate: %d/s, over: 4s}, {rate: 0/s, over: 2s}]}
"""


def arrived_at(serve):
    with urllib.request.urlopen(serve.base + "/_stats") as answer:
        endpoints = json.load(answer)["endpoints"]
    return sum(endpoint["requests"] for endpoint in endpoints.values())


def main():
    need("taskset")
    rows, worst = [], 0
    with tempfile.TemporaryDirectory() as folder:
        cases = [(f"{rate}/s", 10 * rate, ["--rate", f"{rate}/s", "--duration", "10s", "--warmup", "0s"])
                 for rate in (100, 999, 5000)]
        for peak in (100, 2000):
            with open(f"{folder}/ramp{peak}.yaml", "w") as f:
                f.write(RAMP % (peak, peak))
            cases.append((f"0 to {peak}/s, stay, to 0", 7 * peak, ["--config", f"{folder}/ramp{peak}.yaml"]))
        for name, planned, flags in cases:
            with Serve(["--endpoint", "path=/ time=1ms"]) as serve:
                _, result = burstgate_run(serve.base + "/", folder, flags)
                arrived = arrived_at(serve)
            started, dropped = result["totals"]["requests"], result["totals"]["dropped"]
            off = max(abs(arrived / planned - 1), abs(started / planned - 1))
            worst = max(worst, off)
            rows.append([name, planned, started, dropped, arrived, f"{100 * off:.3f} %"])
    table(["arrivals", "planned", "started", "dropped", "at the service", "off by"], rows)
    print(f"\nworst: {100 * worst:.3f} % (limit 0.1 %)")
    sys.exit(1 if worst > 0.001 else 0)


main()
