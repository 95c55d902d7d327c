#!/usr/bin/env python3
"""Honest latency.

1. 1,000/s for 10 s against a service that is frozen (SIGSTOP) for 1 s in the middle. Of the 10,000 requests those due in the frozen
   second wait 1 s to 0 s: p99 = 0.9 s, maximum = 1 s. What wrk and ab report stands beside.
2. 200/s against a two-point service (90 % 2 ms, 10 % 20 ms): p50, p95, p99 beside the service's own record.

    tests/bench/honest_latency.py [rounds]
"""
import json
import os
import re
import signal
import sys
import tempfile
import threading
import time
import urllib.request

from common import *

FREEZE_S = 1.0


def freeze_later(process, after_s):
    """Freezes the process once; returns how long it really stood still."""
    took = []

    def run():
        time.sleep(after_s)
        os.kill(process.pid, signal.SIGSTOP)
        begin = time.monotonic()
        time.sleep(FREEZE_S)
        os.kill(process.pid, signal.SIGCONT)
        took.append(time.monotonic() - begin)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, took


def unit_ms(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def frozen(rounds, folder):
    print("1. 1,000/s for 10 s, service frozen for 1 s (analytic: p99 900 ms, maximum 1000 ms)\n")
    rows = []
    flags = ["--endpoint", "path=/ time=1ms"]
    for round_number in range(1, rounds + 1):
        with Serve(flags) as serve:
            thread, took = freeze_later(serve.process, 1 + 4)
            _, result = burstgate_run(serve.base + "/", folder, ["--rate", "1000/s", "--duration", "10s", "--warmup", "1s"])
            thread.join()
        latency = result["totals"]["latency_ms"]
        stood_ms = took[0] * 1000
        expected_p99 = stood_ms - 0.01 * 10000 * 1.0  # the slowest 1 %: 100 requests, 1 ms apart
        rows.append([f"burstgate {round_number}", f"{latency['p50']:.2f}", f"{latency['p99']:.0f}", f"{latency['max']:.0f}",
                     f"{latency['p99'] / expected_p99 - 1:+.1%}", f"{latency['max'] / stood_ms - 1:+.1%}"])
    with Serve(flags) as serve:
        thread, _ = freeze_later(serve.process, 4)
        m = Measured(pinned(1, ["wrk", "-t1", "-c10", "-d10s", "--latency", serve.base + "/"]))
        thread.join()
        quantile = lambda p: unit_ms(re.search(rf"\s{p}%\s+(\S+)", m.out).group(1))
        worst = unit_ms(re.search(r"Latency\s+\S+\s+\S+\s+(\S+)", m.out).group(1))
        rows.append(["wrk -c10", f"{quantile(50):.2f}", f"{quantile(99):.0f}", f"{worst:.0f}", f"{quantile(99) / 900 - 1:+.1%}",
                     f"{worst / 1000 - 1:+.1%}"])
    with Serve(flags) as serve:
        thread, _ = freeze_later(serve.process, 4)
        m = Measured(pinned(1, ["ab", "-k", "-q", "-c10", "-t10", "-n10000000", serve.base + "/"]))
        thread.join()
        quantile = lambda p: float(re.search(rf"\s{p}%\s+(\d+)", m.out).group(1))
        rows.append(["ab -c10", f"{quantile(50):.2f}", f"{quantile(99):.0f}", f"{quantile(100):.0f}", f"{quantile(99) / 900 - 1:+.1%}",
                     f"{quantile(100) / 1000 - 1:+.1%}"])
    table(["tool", "p50 ms", "p99 ms", "max ms", "p99 off by", "max off by"], rows)


def two_point(rounds, folder):
    print("\n2. 200/s for 20 s, service time 90 % 2 ms, 10 % 20 ms, nothing pinned; the service's own record beside\n")
    rows = []
    for round_number in range(1, rounds + 1):
        with Serve(["--endpoint", "path=/ time=twopoint(2ms,20ms,10%)", "--seed", str(round_number)], core=None) as serve:
            _, result = burstgate_run(serve.base + "/", folder, ["--rate", "200/s", "--duration", "20s", "--warmup", "0s"], core=None)
            with urllib.request.urlopen(serve.base + "/_stats") as answer:
                own = json.load(answer)["endpoints"]["/"]["service_time_ms"]
        latency = result["totals"]["latency_ms"]
        for q in ("p50", "p95", "p99"):
            off_us = (latency[q] - own[q]) * 1000
            allowed = max(100, own[q] * 10)
            rows.append([round_number, q, f"{own[q]:.3f}", f"{latency[q]:.3f}", f"{off_us:+.0f} us", f"{allowed:.0f} us",
                         "yes" if abs(off_us) <= allowed else "NO"])
    with Serve(["--endpoint", "path=/ time=twopoint(2ms,20ms,10%)"]) as serve:
        m = Measured(pinned(1, ["wrk", "-t1", "-c4", "-d10s", "--latency", serve.base + "/"]))
        for q in ("50", "99"):
            rows.append(["wrk -c4", "p" + q, "2" if q == "50" else "20", re.search(rf"\s{q}%\s+(\S+)", m.out).group(1), "", "", ""])
    with Serve(["--endpoint", "path=/ time=twopoint(2ms,20ms,10%)"]) as serve:
        m = Measured(pinned(1, ["ab", "-k", "-q", "-c4", "-t10", "-n1000000", serve.base + "/"]))
        for q in ("50", "95", "99"):
            rows.append(["ab -c4", "p" + q, "2" if q == "50" else "20", re.search(rf"\s{q}%\s+(\d+)", m.out).group(1) + " (whole ms)",
                         "", "", ""])
    table(["round", "", "service ms", "measured ms", "off by", "allowed", "within"], rows)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    need("wrk", "ab", "taskset")
    with tempfile.TemporaryDirectory() as folder:
        frozen(rounds, folder)
        two_point(rounds, folder)


main()
