#!/usr/bin/env python3
"""The program's own times: start-up, end of the burst to exit, compare of two results of 10 million samples.

    tests/bench/times.py
"""
import os
import re
import subprocess
import tempfile
import time

from common import *

RUNS = 21


def median_ms(argv, cwd):
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        subprocess.run(argv, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - begin) * 1000)
    return median(times), max(times)


def end_to_exit_ms(folder):
    """Wall time of a run minus warm-up and duration minus the start-up: what follows the end of the burst."""
    with Serve(["--endpoint", "path=/ time=1ms"]) as serve:
        times = []
        for _ in range(9):
            begin = time.perf_counter()
            subprocess.run([BURSTGATE, "run", serve.base + "/", "--quiet", "--users", "8", "--duration", "1s", "--warmup", "0s", "--output",
                            "r.json", "--junit", "j.xml", "--markdown", "m.md"], cwd=folder, stdout=subprocess.DEVNULL)
            times.append((time.perf_counter() - begin - 1.0) * 1000)
    return median(times), max(times)


def main():
    need("taskset")
    maker = os.path.join(os.path.dirname(BURSTGATE), "tests/bench_make_result")
    if not os.path.exists(maker):
        subprocess.run(["cmake", "--build", os.path.dirname(BURSTGATE), "--target", "bench_make_result"], check=True,
                       stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.json", "b.json"):
            with open(os.path.join(folder, name), "w") as f:
                subprocess.run([maker], check=True, stdout=f)
        size = os.path.getsize(os.path.join(folder, "a.json"))
        rows = [["start-up (--version)", *median_ms([BURSTGATE, "--version"], folder), 10],
                ["end of the burst to exit", *end_to_exit_ms(folder), 150],
                [f"compare, 10 million samples each ({size // 1024} KiB)",
                 *median_ms([BURSTGATE, "compare", "a.json", "b.json"], folder), 50]]
        table(["what", "median ms", "slowest ms", "limit ms"], [[w, f"{m:.1f}", f"{s:.1f}", l] for w, m, s, l in rows])


main()
