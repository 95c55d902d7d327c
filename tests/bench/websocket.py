#!/usr/bin/env python3
"""WebSocket echo round trips per CPU second of the client, beside Node's `ws` (Debian's node-ws); and what a user costs
that only waits.

    tests/bench/websocket.py [rounds [seconds]]

The server is `burstgate serve` on core 0, the clients take turns on core 1: 50 connections, each sends a message of 50
bytes and waits for its echo before the next.
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

from common import BURSTGATE, Measured, Serve, burstgate_run, need, pinned, table

CONNECTIONS = 50
NODE = """
const WebSocket = require('ws');
const [url, connections, seconds] = [process.argv[2], +process.argv[3], +process.argv[4]];
const text = JSON.stringify({type: 'message', content: 'hello, I need help!!'});
let trips = 0, open = 0, end = 0;
for (let i = 0; i < connections; ++i) {
  const socket = new WebSocket(url, {perMessageDeflate: false});
  socket.on('open', () => { if (++open == connections) end = Date.now() + seconds * 1000; socket.send(text); });
  socket.on('message', () => { ++trips; if (end && Date.now() >= end) socket.close(1000); else socket.send(text); });
}
process.on('exit', () => console.log('trips ' + trips));
"""
PLAN = """threads: 1
workload:
  scenarios:
    - name: echo
      websocket: /ws
      steps: [{send: {type: message, content: "hello, I need help!!"}, await: any}]
"""
WAITING = """threads: 1
workload: {scenarios: [{name: idle, websocket: {path: /ws, heartbeat: 30s}, steps: [{wait: 1h}]}]}
"""


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def node_round(base, folder, seconds):
    script = write(folder, "client.js", NODE)
    m = Measured(pinned(1, ["node", script, base.replace("http", "ws") + "/ws", str(CONNECTIONS), str(seconds)]),
                 cwd=folder)
    trips = int(re.search(r"trips (\d+)", m.out).group(1))
    return trips / m.cpu_s, trips / seconds


def burstgate_round(base, folder, seconds):
    plan = write(folder, "echo.yaml", PLAN)
    m, result = burstgate_run(base + "/", folder, ["--config", plan, "--users", str(CONNECTIONS), "--duration",
                                                   f"{seconds}s", "--warmup", "0s"])
    assert result["totals"]["failed"] == 0
    trips = next(e["ok"] for e in result["endpoints"] if e["name"] == "echo message")
    return trips / m.cpu_s, trips / seconds


def round_trips(rounds, seconds):
    clients = {"burstgate": burstgate_round, "node ws": node_round}
    found = {name: [] for name in clients}
    with tempfile.TemporaryDirectory() as folder, Serve(["--endpoint", "path=/ws kind=websocket"]) as serve:
        for number in range(rounds):
            for name in sorted(clients, reverse=number % 2 == 1):
                found[name].append(clients[name](serve.base, folder, seconds))
    ratios = [ours[0] / theirs[0] for ours, theirs in zip(found["burstgate"], found["node ws"])]
    rows = []
    for name, values in found.items():
        per_cpu = [value[0] for value in values]
        rows.append([name, f"{statistics.median(per_cpu):.0f}", f"{min(per_cpu):.0f}-{max(per_cpu):.0f}",
                     f"{statistics.median(value[1] for value in values):.0f}"])
    table(["client", "round trips per CPU second", "lowest-highest", "round trips/s"], rows)
    print("burstgate / node per round: " + ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios)))


def resident_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def waiting(users):
    """Resident memory when all users are connected and wait."""
    with tempfile.TemporaryDirectory() as folder, Serve(["--endpoint", "path=/ws kind=websocket"]) as serve:
        plan = write(folder, "waiting.yaml", WAITING)
        process = subprocess.Popen(pinned(1, [BURSTGATE, "run", serve.base + "/", "--config", plan, "--users", str(users),
                                              "--duration", "60s", "--warmup", "1s", "--quiet", "--output", "r.json"]),
                                   cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(8)
        connected = len(os.listdir(f"/proc/{process.pid}/fd"))
        resident = resident_kib(process.pid)
        process.terminate()
        process.wait(20)
    assert connected > users, f"only {connected} descriptors"
    return resident


def main():
    need("node", "taskset")
    os.environ.setdefault("NODE_PATH", "/usr/share/nodejs")  # where Debian keeps `ws`
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"{CONNECTIONS} connections, median of {rounds} alternating runs of {seconds} s\n")
    round_trips(rounds, seconds)
    few, many = waiting(100), waiting(5000)
    print(f"\n5,000 users that wait: {many / 1024:.1f} MiB resident, 100: {few / 1024:.1f} MiB; "
          f"per user {(many - few) / 4900:.2f} KiB (limit 24)")


main()
