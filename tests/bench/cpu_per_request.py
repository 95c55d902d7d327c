#!/usr/bin/env python3
"""CPU per request and requests/s beside wrk, ab, h2load and hey, on the same nginx.

nginx on core 0, the generator on core 1, runs alternating between the tools in random order, 50 keep-alive connections; user + sys CPU of the
whole generator process by rusage. What burstgate does besides sending (start-up, the reference probe of 0.9 s) does not grow with the burst;
it is measured by runs of one request and taken off. Figures: at most 0.95x wrk's CPU per request, at least wrk's requests/s.

    tests/bench/cpu_per_request.py [rounds] [seconds]
"""
import random
import re
import sys
import tempfile

from common import *

CONNECTIONS = 50


def count_burstgate(m, folder):
    import json

    with open(folder + "/result.json") as f:
        result = json.load(f)
    assert result["totals"]["failed"] == 0, result["totals"]
    return result["totals"]["ok"]


def number(pattern):
    return lambda m, folder: int(re.search(pattern, m.out).group(1))


def tools(url, seconds, folder):
    many = "100000000"
    return {
        "burstgate": ([BURSTGATE, "run", url, "--users", str(CONNECTIONS), "--duration", f"{seconds}s", "--warmup", "0s", "--quiet",
                       "--config", folder + "/one_thread.yaml", "--output", folder + "/result.json"], count_burstgate),
        "wrk": (["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url], number(r"(\d+) requests in")),
        "ab": (["ab", "-k", "-q", f"-c{CONNECTIONS}", f"-t{seconds}", "-n" + many, url], number(r"Complete requests:\s+(\d+)")),
        "h2load": (["h2load", "--h1", "-t1", f"-c{CONNECTIONS}", f"-D{seconds}", url], number(r"requests: (\d+) total")),
        "hey": (["hey", "-cpus", "1", "-c", str(CONNECTIONS), "-z", f"{seconds}s", url], number(r"\[200\]\s+(\d+) responses")),
    }


def cpu_beside_s(url, seconds, folder):
    with open(folder + "/idle.yaml", "w") as f:
        f.write("threads: 1\nworkload: {scenarios: [{wait: 60s, steps: [{get: /}]}]}\n")
    argv = [BURSTGATE, "run", url, "--users", "1", "--duration", f"{seconds}s", "--warmup", "0s", "--quiet", "--config", folder + "/idle.yaml",
            "--output", folder + "/idle.json"]
    return median([Measured(pinned(1, argv), cwd=folder).cpu_s for _ in range(3)])


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    need("nginx", "wrk", "ab", "h2load", "hey", "taskset")
    order = random.Random(1)
    print(f"nginx on core 0, generator on core 1, {CONNECTIONS} connections, median of {rounds} alternating runs of {seconds} s\n")
    with tempfile.TemporaryDirectory() as folder, Nginx(core=0) as nginx:
        with open(folder + "/one_thread.yaml", "w") as f:
            f.write("threads: 1\n")
        beside = cpu_beside_s(nginx.url("/small"), seconds, folder)
        print(f"taken off burstgate's CPU: {beside * 1e3:.0f} ms per run\n")
        for path, name in (("/small", "3-byte body"), ("/k", "1 KiB body")):
            cpu, rps = {}, {}
            for _ in range(rounds):
                # In another order each round: what ran before may still be felt.
                for tool, (argv, count) in order.sample(list(tools(nginx.url(path), seconds, folder).items()), k=5):
                    m = Measured(pinned(1, argv), cwd=folder)
                    requests = count(m, folder)
                    own = m.cpu_s - (beside if tool == "burstgate" else 0)
                    cpu.setdefault(tool, []).append(own * 1e6 / requests)
                    rps.setdefault(tool, []).append(requests / seconds)
            wrk_cpu, wrk_rps = median(cpu["wrk"]), median(rps["wrk"])
            print(name)
            table(["tool", "CPU us/request", "x wrk", "lowest-highest", "requests/s", "x wrk"],
                  [[t, f"{median(cpu[t]):.2f}", f"{median(cpu[t]) / wrk_cpu:.2f}", f"{min(cpu[t]):.2f}-{max(cpu[t]):.2f}",
                    f"{median(rps[t]):.0f}", f"{median(rps[t]) / wrk_rps:.2f}"] for t in sorted(cpu, key=lambda t: median(cpu[t]))])
            ratios = sorted(b / w for b, w in zip(cpu["burstgate"], cpu["wrk"]))
            print(f"burstgate / wrk per round: {', '.join(f'{r:.2f}' for r in ratios)}\n")


main()
