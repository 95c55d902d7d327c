#!/usr/bin/env python3
"""How fast `burstgate import` reads single requests of other tools, and in how much memory: generates files of 250 MB (or $2 MB)
in a temporary folder, reads each pinned to one core, prints MB/s and peak resident memory, and fails below 100 MB/s or above
64 MiB.

usage: import_speed.py BURSTGATE [MB] [FORMAT]
"""
import datetime
import os
import random
import subprocess
import sys
import tempfile
import time

LEAST_MB_PER_S = 100
MOST_RSS_MIB = 64
START = 1795266951.0
RATE = 2000.0  # requests per second

METRICS = ["http_reqs", "http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking",
           "http_req_sending", "http_req_waiting", "http_req_receiving", "http_req_failed"]


def latency_ms(rng):
    return rng.lognormvariate(1.5, 0.5)


def stamp(seconds):
    whole = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{int(seconds % 1 * 1e9):09d}Z"


def k6_lines(rng, i):
    tags = ('{"expected_response":"true","group":"","method":"GET","name":"http://127.0.0.1:8080/item/%d","proto":"HTTP/1.1",'
            '"scenario":"default","status":"200","url":"http://127.0.0.1:8080/item/%d"}' % (i % 5, i % 5))
    when, value = stamp(START + i / RATE), f"{latency_ms(rng):.6f}"
    return "".join(f'{{"metric":"{metric}","type":"Point","data":{{"time":"{when}","value":{value},"tags":{tags}}}}}\n'
                   for metric in METRICS)


def k6_csv(rng, i):
    when, value = int(START + i / RATE), f"{latency_ms(rng):.6f}"
    rest = f",,,,true,,GET,http://127.0.0.1:8080/item/{i % 5},HTTP/1.1,default,,200,,,http://127.0.0.1:8080/item/{i % 5},,\n"
    return "".join(f"{metric},{when},{value}{rest}" for metric in METRICS)


def jmeter(rng, i):
    elapsed = int(latency_ms(rng))
    return (f"{int((START + i / RATE) * 1000)},{elapsed},item {i % 5},200,OK,Thread Group 1-{i % 50},text,true,,1024,120,50,50,"
            f"http://127.0.0.1:8080/item/{i % 5},{elapsed},0,0\n")


def vegeta_lines(rng, i):
    return ('{"attack":"","seq":%d,"code":200,"timestamp":"%s","latency":%d,"bytes_out":0,"bytes_in":2,"error":"","body":"b2s=",'
            '"method":"GET","url":"http://127.0.0.1:8080/item/%d","headers":{"Content-Type":["text/plain"],"Content-Length":["2"],'
            '"Connection":["keep-alive"],"Server":["nginx/1.22.1"],"Date":["Sat, 21 Nov 2026 13:15:58 GMT"]}}\n'
            % (i, stamp(START + i / RATE), latency_ms(rng) * 1e6, i % 5))


def vegeta_csv(rng, i):
    return (f"{int((START + i / RATE) * 1e9)},200,{int(latency_ms(rng) * 1e6)},0,2,,b2s=,,{i},GET,"
            f"http://127.0.0.1:8080/item/{i % 5},Q29ubmVjdGlvbjoga2VlcC1hbGl2ZQ0KQ29udGVudC1MZW5ndGg6IDINCg==\n")


JMETER_HEADER = ("timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,"
                 "grpThreads,allThreads,URL,Latency,IdleTime,Connect\n")
K6_HEADER = ("metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,"
             "service,status,subproto,tls_version,url,extra_tags,metadata\n")
FORMATS = {"k6 JSON lines": ("", k6_lines), "k6 CSV": (K6_HEADER, k6_csv), "JMeter JTL": (JMETER_HEADER, jmeter),
           "vegeta JSON lines": ("", vegeta_lines), "vegeta CSV": ("", vegeta_csv)}


def generate(path, header, line, megabytes):
    rng = random.Random(1)
    size, i = 0, 0
    with open(path, "w") as file:
        size += file.write(header)
        while size < megabytes * 1e6:
            size += file.write("".join(line(rng, i + k) for k in range(1000)))
            i += 1000
    return size, i


def read(burstgate, path):
    began = time.monotonic()
    process = subprocess.Popen(["taskset", "-c", "0", burstgate, "import", path], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{path}: exit {process.returncode}: {errors}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, errors


def main():
    burstgate, megabytes = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 250
    missed = False
    print("| file | MB | requests | MB/s | MB per CPU second | peak resident |")
    print("|------|----|----------|------|-------------------|---------------|")
    for name, (header, line) in FORMATS.items():
        if len(sys.argv) > 3 and sys.argv[3] != name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "results")
            size, requests = generate(path, header, line, megabytes)
            seconds, cpu_s, rss_mib, errors = min(read(burstgate, path) for _ in range(2))
            if f"{requests} requests" not in errors:
                sys.exit(f"{name}: not {requests} requests: {errors}")
        missed = missed or size / 1e6 / cpu_s < LEAST_MB_PER_S or rss_mib > MOST_RSS_MIB
        print(f"| {name} | {size / 1e6:.0f} | {requests} | {size / 1e6 / seconds:.0f} | {size / 1e6 / cpu_s:.0f} | {rss_mib:.0f} MiB |",
              flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
