#!/usr/bin/env bash
# From an empty repository with a service to a green gate: init, record, gate, and no line edited. With a Node.js and a
# C++ service, at the profile that init writes for the first, a shorter one for the second.
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
root=$PWD
folder=$(mktemp -d)
base_group=
cleanup() {
  if [ -n "$base_group" ]; then kill -- "-$base_group" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT
schemas=$root/schemas

# The machine's own schemas check what was written, where the Python packages are there.
agrees_with_schema() {
  /usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null || return 0
  /usr/bin/python3 -W ignore - "$schemas" <<'PYTHON'
import json, pathlib, sys, jsonschema, yaml
folder = pathlib.Path(sys.argv[1])
read = lambda name: json.loads((folder / name).read_text())
store = {"thresholds.schema.json": read("thresholds.schema.json")}
for file, name in (("burstgate.yaml", "burstgate.schema.json"), ("thresholds/default.yaml", "thresholds.schema.json")):
    schema = read(name)
    resolver = jsonschema.RefResolver("", schema, store=store)
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(yaml.safe_load(open(file)))
PYTHON
}

# A recording that was disturbed says too little of the service: then both are made anew.
record_and_gate() {
  rm -rf perf
  "$burstgate" record --quiet || return 3
  "$burstgate" gate --quiet
}

first_gate() {
  local code=0
  "$burstgate" init >init.txt
  grep -q 'burstgate record' init.txt
  "$burstgate" validate
  agrees_with_schema
  calmly record_and_gate >gate.txt 2>&1 || code=$?
  [ "$code" = 0 ] || { echo "the first gate in $PWD: exit $code"; cat init.txt burstgate.yaml gate.txt; exit 1; }
}

# The workflow's scripts as a runner would run them, and then the gate: both builds side by side.
runs_the_workflow() {
  local port code=0
  command -v curl >/dev/null && /usr/bin/python3 -c 'import yaml' 2>/dev/null || return 0
  port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  /usr/bin/python3 - .github/workflows/burstgate.yml >scripts.sh <<'PYTHON'
import sys, yaml
for step in yaml.safe_load(open(sys.argv[1]))["jobs"]["gate"]["steps"]:
    if "run" in step:
        print("(\n" + step["run"] + ")")
PYTHON
  sed -i "s/18081/$port/" scripts.sh
  mkdir base
  cp package.json server.js base/
  RUNNER_TEMP=$folder setsid bash --noprofile --norc -eo pipefail scripts.sh &
  base_group=$!
  wait "$base_group"
  BURSTGATE_BASELINE=http://127.0.0.1:$port calmly "$burstgate" gate --quiet >gate.txt 2>&1 || code=$?
  kill -- "-$base_group"
  base_group=
  [ "$code" = 0 ] || { echo "the workflow's gate: exit $code"; cat gate.txt; exit 1; }
}

if command -v node >/dev/null; then
  cp -r tests/support/sample_node "$folder/notes"
  cd "$folder/notes"
  first_gate
  grep -q 'PORT={port}.*server.js' burstgate.yaml
  runs_the_workflow
  # The second time nothing is touched, and the exit code says so.
  echo '# mine' >>burstgate.yaml
  rm thresholds/default.yaml
  code=0
  "$burstgate" init >init.txt || code=$?
  [ "$code" = 2 ] || { echo "init over files that exist: exit $code"; exit 1; }
  grep -q '^left alone  burstgate.yaml' init.txt
  grep -q '^written     thresholds/default.yaml' init.txt
  [ "$(tail -1 burstgate.yaml)" = '# mine' ]
  cd "$root"
else
  echo "no node: the Node.js service was not tried"
fi

cp -r tests/support/sample_cpp "$folder/cpp"
cd "$folder/cpp"
cmake -B build >/dev/null
cmake --build build >/dev/null
export BURSTGATE_DURATION=4s BURSTGATE_WARMUP=500ms
first_gate
grep -q 'build/notes_server.*--port' burstgate.yaml
grep -q '/notes/7.*getNote' burstgate.yaml
! grep -q 'not built yet' burstgate.yaml

# Links that lead out of the repository are not written through.
mkdir "$folder/elsewhere" "$folder/linked"
ln -s "$folder/elsewhere" "$folder/linked/thresholds"
ln -s "$folder/elsewhere/target.yaml" "$folder/linked/burstgate.yaml"
code=0
"$burstgate" init "$folder/linked" >init.txt || code=$?
[ "$code" = 2 ]
[ -z "$(ls -A "$folder/elsewhere")" ] || { echo "init wrote out of the folder"; ls "$folder/elsewhere"; exit 1; }

code=0
"$burstgate" init "$folder/nowhere" 2>err.txt || code=$?
[ "$code" = 2 ]
grep -q 'error\[E-024\]: no such folder' err.txt
