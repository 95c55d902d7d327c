#!/usr/bin/env python3
"""10,000 connections on one core: are all served, and how much memory does a connection cost?

    tests/bench/connections.py
"""
import tempfile

from common import *


def main():
    need("nginx", "taskset")
    with tempfile.TemporaryDirectory() as folder, Nginx(core=0, connections=24000) as nginx:
        config = folder + "/idle.yaml"
        with open(config, "w") as f:
            f.write("threads: 1\nworkload: {scenarios: [{name: s, wait: 1s..3s, steps: [{get: /small}]}]}\n")
        rows, peak = [], {}
        for users in (100, 10000):
            m, result = burstgate_run(nginx.url("/"), folder,
                                      ["--config", config, "--users", str(users), "--duration", "8s", "--warmup", "4s"])
            totals, generator = result["totals"], result["generator"]
            peak[users] = m.peak_kib
            rows.append([users, generator["connections_peak"], totals["ok"], totals["failed"] + totals["unfinished"],
                         f"{m.peak_kib / 1024:.1f} MiB", f"{generator['busiest_thread_cpu']:.2f}"])
        table(["users", "open at the same time", "ok", "failed", "peak resident", "generator CPU"], rows)
        print(f"\nresident per connection: {(peak[10000] - peak[100]) / 9900:.2f} KiB (limit 16)")


main()
