#!/usr/bin/env bash
# Alerts of the real binary: what receivers get, that one that fails, hangs or is not there changes no exit code, and that
# their URLs are nowhere to be read. The receivers are a small server of this test's own.
set -euo pipefail
burstgate=$(realpath "$1")
for tool in openssl python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tests/support/serve.sh"
source "$root/tests/support/certificates.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_WORKSPACE GITHUB_EVENT_NAME GITHUB_RUN_ID GITLAB_CI TF_BUILD BUILDKITE
unset CI_JOB_URL BUILDKITE_BUILD_URL
export LC_ALL=C.UTF-8 BUILD_URL=https://ci.example/job/7 BURSTGATE_BRANCH='feature/<!channel>'
make_certificates

says() { tr '\n' ' ' <"$1" | grep -qF -- "$2" || { head -c 3000 "$1"; fail "$1 does not say: $2"; }; }
silent() { ! grep -qF -- "$2" "$1" || { head -c 3000 "$1"; fail "$1 says: $2"; }; }
# $1: exit code, rest: words. Where the machine was too busy to tell, once more, as if that run had not been.
expect() {
  local wanted=$1 code
  shift
  for _ in 1 2 3 4 5; do
    code=0
    "$burstgate" "$@" >out.txt 2>err.txt || code=$?
    [ "$code" = 3 ] || break
    grep -lF '"outcome": "inconclusive"' performance/results/*.json | xargs -r rm
  done
  [ "$code" = "$wanted" ] || { head -c 3000 out.txt err.txt; fail "exit $code instead of $wanted: $*"; }
}

# Receivers by path: what was posted to /NAME... is kept in got/NAME, one document per line.
cat >receivers.py <<'PYTHON'
import http.server, json, pathlib, ssl, sys, threading, time

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.split("/")[1]
        if name == "hang":
            time.sleep(60)
        with open(f"got/{name}", "a") as file:
            file.write(json.dumps(json.loads(body)) + "\n")
        self.send_response({"broken": 500, "elsewhere": 307}.get(name, 200))
        if name == "elsewhere":
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/stolen")
        answer = b"the token is s3cret-json\n" if name == "broken" else b"ok"
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass

def start(tls):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("certs/good.pem", "certs/good.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port

pathlib.Path("got").mkdir()
ports = f"{start(False)} {start(True)}"
pathlib.Path("ports.tmp").write_text(ports + "\n")
pathlib.Path("ports.tmp").rename("ports.txt")
threading.Event().wait()
PYTHON
python3 receivers.py &
receivers=$!
trap 'kill "$receivers" 2>/dev/null; clean_up' EXIT
for _ in $(seq 200); do [ -f ports.txt ] && break; sleep 0.05; done
read -r port tls_port <ports.txt || fail "the receivers did not start"
gone=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

start_service
export HOOK=http://127.0.0.1:$port HIDDEN=s3cret-env SHOWN=plain
cat >notify.sh <<'SH'
#!/bin/sh
cat >stdin.json
env >environment.txt
SH
chmod +x notify.sh
cat >burstgate.yaml <<YAML
service: $url
operation: api
workload: {scenarios: [{wait: 10ms, steps: [{get: /}]}]}
profiles: {pr: {users: 2, duration: 250ms, warmup: 0s}}
thresholds: {limits: {latency_p50: {fail: 1us}}}
alerts:
  - {when: [fail], webhook: "\${HOOK}/json/s3cret-json"}
  - {when: fail, webhook: "\${HOOK}/slack/s3cret-slack", format: slack}
  - {when: [fail], webhook: "\${HOOK}/broken/s3cret-json"}
  - {when: [fail], webhook: "http://127.0.0.1:$port/hang/s3cret-hang"}
  - {when: [fail], webhook: "\${HOOK}/elsewhere"}
  - {when: [fail], webhook: "http://127.0.0.1:$gone/s3cret-gone"}
  - {when: [fail], webhook: "https://127.0.0.1:$tls_port/tls"}
  - {when: [fail], command: [./notify.sh], environment: [SHOWN]}
  - {when: [fail], command: [sh, -c, "echo no route; exit 3"]}
  - {when: [warn], webhook: "\${HOOK}/never"}
  - {when: [fail], sustained: 2, webhook: "\${HOOK}/sustained"}
YAML

# 1. One failing run, every receiver. The reports are there, the exit code is the verdict's.
expect 1 run --junit j.xml --markdown m.md
says out.txt 'FAIL'
says m.md 'FAIL'
says err.txt 'told the webhook of burstgate.yaml:7:5'
says err.txt 'told the webhook of burstgate.yaml:8:5'
says err.txt 'warning: the webhook of burstgate.yaml:9:5 was not told: it answered 500 '
says err.txt 'warning: the webhook of burstgate.yaml:10:5 was not told: no answer in time'
says err.txt 'warning: the webhook of burstgate.yaml:11:5 was not told: it answered 307: redirects are not followed'
says err.txt 'warning: the webhook of burstgate.yaml:12:5 was not told: Connection refused'
says err.txt 'warning: the webhook of burstgate.yaml:13:5 was not told: certificate'
says err.txt 'told the command of burstgate.yaml:14:5'
says err.txt 'warning: the command of burstgate.yaml:15:5 was not told: it ended with status 3: no route'
silent err.txt 'burstgate.yaml:16:5'
silent err.txt 'burstgate.yaml:17:5'
for none in never sustained stolen tls; do [ ! -e "got/$none" ] || fail "$none was told"; done
python3 - <<'PYTHON' || fail "a message is not what it should be"
import json, pathlib
message = json.loads(pathlib.Path("got/json").read_text())
assert message["schema"] == "burstgate-alert/1" and message["outcome"] == "fail", message
assert message["operation"] == "api" and message["profile"] == "pr" and message["in_a_row"] == 1, message
assert message["exit_code"] == 1 and message["command"] == "run", message
assert message["branch"] == "feature/<!channel>" and message["job_url"] == "https://ci.example/job/7", message
assert message["checks"][0]["metric"] == "latency_p50" and message["checks"][0]["outcome"] == "fail", message
assert pathlib.Path(message["result_file"]).exists(), "the result was not written before"
chat = json.loads(pathlib.Path("got/slack").read_text())
assert list(chat) == ["text"], chat
assert chat["text"].startswith("*burstgate: FAIL*  operation `api`  branch `feature/&lt;!channel&gt;`"), chat
assert "latency p50 limit" in chat["text"] and chat["text"].endswith("\nhttps://ci.example/job/7"), chat
assert json.load(open("stdin.json"))["schema"] == "burstgate-alert/1"
variables = dict(line.rstrip("\n").split("=", 1) for line in open("environment.txt"))
assert variables["SHOWN"] == "plain" and "PATH" in variables, variables
assert not {"HOOK", "HIDDEN", "BUILD_URL"} & set(variables), variables
PYTHON
# The URLs, and what came from the environment, are in nothing that burstgate wrote, though a receiver repeats one.
! grep -rlE 's3cret|'"127.0.0.1:$port" out.txt err.txt j.xml m.md performance || fail "a receiver's URL was written down"
"$burstgate" explain >explain.txt || fail "explain"
says explain.txt '${HOOK}/json/s3cret-json'
says explain.txt "http://127.0.0.1:$port/***"
silent explain.txt s3cret-hang

# 2. The second in a row, over TLS with a certificate that is verified.
sed -i '/hang\|broken\|elsewhere\|gone\|command/d' burstgate.yaml
SSL_CERT_FILE=certs/ca.pem expect 1 run --quiet
python3 -c 'import json; assert json.load(open("got/sustained"))["in_a_row"] == 2' || fail "not two in a row"
[ -s got/tls ] || fail "TLS with a known certificate"
silent err.txt told

# 3. Nobody is told of a pass, without alerts, by a plan, or by a command in a stranger's job.
rm got/*
sed 's/fail: 1us/fail: 10s/' burstgate.yaml >good.yaml
expect 0 run --config good.yaml
expect 1 run --no-alerts
expect 0 run --dry-run
sed -i '$a\  - {when: [fail], command: [./notify.sh]}' burstgate.yaml
GITHUB_EVENT_NAME=pull_request_target expect 2 run
says err.txt "error[E-046]: an alert's command in a job for 'pull_request_target'; it may be a stranger's; --no-alerts leaves it out, --allow-hooks runs it"
GITHUB_EVENT_NAME=pull_request_target expect 0 run --dry-run --allow-hooks
[ -z "$(ls got)" ] || fail "somebody was told: $(ls got)"
HOOK='http://user:s3cret@h' expect 2 validate burstgate.yaml
silent err.txt s3cret@h
says err.txt 'webhook: a URL that cannot be asked; send an Authorization header instead'

echo "alerts: ok"
