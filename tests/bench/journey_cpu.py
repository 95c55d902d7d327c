#!/usr/bin/env python3
"""CPU per request of a journey beside a plain GET, on the same nginx.

Three steps without think time: the first answer is JSON, of which one value is saved; it stands in the paths of the two
other steps. nginx on core 0, burstgate on core 1, one thread, 50 keep-alive connections, alternating runs; user + sys
CPU of the whole process by rusage. Figure: at most 1.15x the CPU per request of the plain GET (median of the rounds' ratios).

    tests/bench/journey_cpu.py [rounds] [seconds]
"""
import json
import sys
import tempfile

from common import *

CONNECTIONS = 50
MOST = 1.15
LOCATIONS = """
    location = /start { default_type application/json; return 200 '{"ok": true, "session": {"id": "6f1d2c", "user": 7}}'; }
    location /items/ { return 200 "ok\\n"; }
"""
PLAIN = "[{get: /small}]"
JOURNEY = """
        - {get: /start, save: {id: json:/session/id}}
        - {get: "/items/{id}", name: item}
        - {get: "/items/{id}/more", name: more}"""


def write_config(folder, name, port, steps, seconds):
    path = f"{folder}/{name}.yaml"
    with open(path, "w") as f:
        f.write(f"service: http://127.0.0.1:{port}\nthreads: 1\nworkload:\n  scenarios:\n    - steps: {steps}\n"
                f"profiles: {{p: {{users: {CONNECTIONS}, duration: {seconds}s, warmup: 0s}}}}\n")
    return path


def cpu_us_per_request(folder, config):
    result = folder + "/result.json"
    measured = Measured(pinned(1, [BURSTGATE, "run", "--config", config, "--quiet", "--output", result]), cwd=folder)
    assert measured.exit_code in (0, 3), measured.err  # 3: the generator's thread is busy, as it is meant to be
    with open(result) as f:
        totals = json.load(f)["totals"]
    assert totals["failed"] == 0 and totals["ok"] > 0, totals
    return measured.cpu_s * 1e6 / totals["ok"]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    need("nginx", "taskset")
    with tempfile.TemporaryDirectory() as folder, Nginx(core=0, extra=LOCATIONS) as nginx:
        configs = {"plain GET": write_config(folder, "plain", nginx.port, PLAIN, seconds),
                   "journey": write_config(folder, "journey", nginx.port, JOURNEY, seconds)}
        cpu = {name: [] for name in configs}
        for i in range(rounds):
            for name in sorted(configs, reverse=i % 2 == 0):  # each goes first every other time
                cpu[name].append(cpu_us_per_request(folder, configs[name]))
    ratios = [j / p for j, p in zip(cpu["journey"], cpu["plain GET"])]
    print(f"nginx on core 0, burstgate on core 1, {CONNECTIONS} connections, median of {rounds} alternating runs of {seconds} s\n")
    table(["workload", "CPU us/request", "lowest-highest", "x plain"],
          [[name, f"{median(values):.2f}", f"{min(values):.2f}-{max(values):.2f}",
            "1.00" if name == "plain GET" else f"{median(ratios):.2f}"] for name, values in cpu.items()])
    print(f"\njourney / plain per round: {', '.join(f'{r:.2f}' for r in sorted(ratios))}; at most {MOST}")
    sys.exit(median(ratios) > MOST)


main()
