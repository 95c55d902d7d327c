#!/usr/bin/env bash
# The JSON schemas and the reader agree: every file of tests/cases/config_ok passes both, every
# tests/cases/config_errors/structure_*.yaml is refused by both, and both know the same keys.
# Usage: schema_agreement_test.sh path/to/burstgate
set -euo pipefail

burstgate=${1:?usage: schema_agreement_test.sh path/to/burstgate}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
python=/usr/bin/python3

for need in jsonschema:python3-jsonschema yaml:python3-yaml; do
  if ! "$python" -c "import ${need%%:*}" 2>/dev/null; then
    echo "skipped: the Debian package ${need##*:} is not installed"
    exit 77
  fi
done

exec "$python" -B - "$burstgate" "$root" <<'PYTHON'
import json, os, pathlib, re, subprocess, sys, tempfile, warnings

warnings.simplefilter("ignore", DeprecationWarning)
import jsonschema, yaml

burstgate, root = sys.argv[1], pathlib.Path(sys.argv[2])
failures = []
schemas = {}
for kind in ("burstgate", "thresholds"):
    schema = json.loads((root / f"schemas/{kind}.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    schemas[kind] = schema
store = {name: json.loads((root / "schemas" / name).read_text()) for name in ("thresholds.schema.json", "waivers.schema.json")}


def check(condition, message):
    if not condition:
        failures.append(message)


def schema_accepts(text):
    document = yaml.safe_load(text)
    rules = isinstance(document, dict) and document.keys() & {"regression", "limits", "endpoints"}
    schema = schemas["thresholds" if rules else "burstgate"]
    resolver = jsonschema.RefResolver("", schema, store=store)
    return jsonschema.Draft7Validator(schema, resolver=resolver).is_valid(document)


def reader(path, text):
    environment = dict(os.environ)
    environment.update(re.findall(r"^# env: (\w+)=(.*)$", text, re.M))
    run = subprocess.run([burstgate, "validate", str(path)], capture_output=True, text=True, env=environment, timeout=60)
    return run.returncode, run.stdout + run.stderr


def compare(path, expected):
    text = path.read_text()
    if schema_accepts(text) != expected:
        failures.append(f"{path}: the schema {'refuses' if expected else 'accepts'} it")
    code, output = reader(path, text)
    if code != (0 if expected else 2):
        failures.append(f"{path}: validate ended with {code}\n{output}")


good = sorted((root / "tests/cases/config_ok").glob("*.yaml")) + sorted((root / "thresholds").glob("*.yaml"))
bad = sorted((root / "tests/cases/config_errors").glob("structure_*.yaml"))
check(len(good) >= 10 and len(bad) >= 10, "cases are missing")
for path in good:
    compare(path, True)
for path in bad:
    compare(path, False)


# Every key is explained.
def walk(node, where):
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            check(value.get("description"), f"{where}/{key}: no description")
            check("examples" in value, f"{where}/{key}: no examples")
        for key, value in node.items():
            if key not in ("examples", "default"):
                walk(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            walk(value, f"{where}/{index}")


for kind, schema in schemas.items():
    walk(schema, kind)

# Both know the same keys: the reader lists its own when it meets an odd one.
service = "service: http://127.0.0.1:8080\n"
plan, rules = schemas["burstgate"], schemas["thresholds"]
definitions, properties = plan["definitions"], plan["properties"]
rule = lambda name: rules["definitions"][name]["anyOf"][1]
places = [
    ("the file", service + "qqqqqqqq: 1\n", plan),
    ("service", "service: {url: 'http://h', qqqqqqqq: 1}\n", properties["service"]["anyOf"][1]),
    ("ready", "service: {url: 'http://h', ready: {qqqqqqqq: 1}}\n",
     properties["service"]["anyOf"][1]["properties"]["ready"]["anyOf"][1]),
    ("baseline", service + "baseline: {qqqqqqqq: 1}\n", properties["baseline"]["anyOf"][1]),
    ("workload", service + "workload: {qqqqqqqq: 1}\n", properties["workload"]),
    ("exec", service + "workload: {exec: {qqqqqqqq: 1}}\n", properties["workload"]["properties"]["exec"]),
    ("a scenario", service + "workload: {scenarios: [{qqqqqqqq: 1}]}\n", definitions["scenario"]),
    ("a step", service + "workload: {scenarios: [{steps: [{qqqqqqqq: 1}]}]}\n", definitions["step"]),
    ("expect", service + "workload: {scenarios: [{steps: [{get: /, expect: {qqqqqqqq: 1}}]}]}\n",
     definitions["step"]["properties"]["expect"]),
    ("websocket", service + "workload: {scenarios: [{websocket: {qqqqqqqq: 1}, steps: [{wait: 1s}]}]}\n",
     definitions["websocket"]),
    ("drops", service + "workload: {scenarios: [{websocket: {path: /, drops: {qqqqqqqq: 1}}, steps: [{wait: 1s}]}]}\n",
     definitions["websocket"]["properties"]["drops"]["anyOf"][1]),
    ("a step of a websocket", service + "workload: {scenarios: [{websocket: /, steps: [{qqqqqqqq: 1}]}]}\n",
     definitions["websocketStep"]),
    ("auth", service + "workload: {auth: {qqqqqqqq: 1}}\n", definitions["auth"]),
    ("basic", service + "workload: {auth: {basic: {qqqqqqqq: 1}}}\n", definitions["auth"]["properties"]["basic"]),
    ("a feeder", service + "workload: {feeders: [{qqqqqqqq: 1}]}\n", definitions["feeder"]),
    ("a part", service + "workload: {scenarios: [{steps: [{post: /, multipart: {a: {qqqqqqqq: 1}}}]}]}\n", definitions["part"]),
    ("an alert", service + "alerts: [{qqqqqqqq: 1}]\n", definitions["alert"]),
    ("export", service + "export: {qqqqqqqq: 1}\n", properties["export"]),
    ("pushgateway", service + "export: {pushgateway: {qqqqqqqq: 1}}\n",
     properties["export"]["properties"]["pushgateway"]["anyOf"][1]),
    ("a waiver", service + "waivers: [{qqqqqqqq: 1}]\n", store["waivers.schema.json"]["items"]),
    ("a profile", service + "profiles: {a: {qqqqqqqq: 1}}\n", definitions["profile"]),
    ("a stage", service + "profiles: {a: {stages: [{users: 1, over: 1s, qqqqqqqq: 1}]}}\n", definitions["stage"]),
    ("thresholds", "limits: {p95: 1s}\nqqqqqqqq: 1\n", rules),
    ("a regression rule", "regression: {latency_p95: {qqqqqqqq: 1}}\n", rule("regressionLatency")),
    ("a limit", "limits: {latency_p95: {qqqqqqqq: 1}}\n", rule("limitLatency")),
    ("metrics", "limits: {qqqqqqqq: 1}\n", rules["definitions"]["limits"]),
    ("regression metrics", "regression: {qqqqqqqq: 1}\n", rules["definitions"]["regression"]),
]
with tempfile.TemporaryDirectory() as folder:
    for what, text, schema in places:
        path = pathlib.Path(folder) / "odd.yaml"
        path.write_text(text)
        code, output = reader(path, text)
        known = re.search(r"'qqqqqqqq'.*; known are (.*)", output)
        check(code == 2 and known, f"{what}: validate ended with {code}\n{output}")
        if known:
            check(set(known.group(1).split(", ")) == set(schema["properties"]),
                  f"{what}: the reader knows {known.group(1)}, the schema {', '.join(schema['properties'])}")

for failure in failures:
    print("FAILED:", failure)
print(f"{len(good)} good and {len(bad)} bad files, {len(places)} key lists: {len(failures)} disagreements")
sys.exit(1 if failures else 0)
PYTHON
