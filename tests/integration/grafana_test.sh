#!/usr/bin/env bash
# The Grafana dashboard fits what is exported: its metrics and labels are those that the real binary writes, and no family
# is missing from it.
set -euo pipefail
burstgate=$(realpath "$1")
command -v python3 >/dev/null || { echo "skipped: python3 is missing"; exit 77; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tests/support/serve.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_WORKSPACE GITLAB_CI TF_BUILD BUILDKITE

start_service
for name in base now; do
  "$burstgate" run "$url" --users 1 --duration 300ms --warmup 0s --quiet --on-inconclusive pass --output "$name.json" >/dev/null || fail "$name"
done
"$burstgate" compare base.json now.json --openmetrics exported.txt >/dev/null || true  # whatever the verdict
python3 - "$root/docs/grafana/burstgate.json" exported.txt <<'PYTHON'
import json, re, sys

board = json.load(open(sys.argv[1]))
exported = open(sys.argv[2]).read()
families = set(re.findall(r"^# TYPE (\S+) ", exported, re.M))
written = {}  # labels by name of sample
for name, labels in re.findall(r"^(burstgate_\w+)\{(.*)\} \S+$", exported, re.M):
    written.setdefault(name, set()).update(re.findall(r"(\w+)=\"", labels))
assert len(families) >= 9, families
group = {"job", "instance", "operation", "profile"}  # what the Pushgateway's path adds

# The structure: a dashboard that can be imported anywhere.
assert board["schemaVersion"] >= 36 and board["uid"] and board["title"] and "id" not in board
variables = {variable["name"]: variable for variable in board["templating"]["list"]}
assert variables["datasource"]["type"] == "datasource" and variables["datasource"]["query"] == "prometheus"
panels = board["panels"]
identities = [panel["id"] for panel in panels]
assert len(panels) >= 8 and len(set(identities)) == len(identities), identities
taken = set()
for panel in panels:
    where = panel["title"]
    assert panel["title"] and panel["type"] and panel["description"], where
    place = panel["gridPos"]
    assert place["x"] + place["w"] <= 24, where
    cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
    assert not cells & taken, f"{where}: overlaps another panel"
    taken |= cells
    assert panel["datasource"]["uid"] == "${datasource}" and panel["targets"], where
    references = [target["refId"] for target in panel["targets"]]
    assert len(set(references)) == len(references), where
    for target in panel["targets"]:
        assert target["datasource"]["uid"] == "${datasource}", where

# The expressions: only what is written, and all of it.
used = set()
expressions = [target["expr"] for panel in panels for target in panel["targets"]]
expressions += [variable["definition"] for variable in variables.values() if variable["type"] == "query"]
for expression in expressions:
    assert expression.count("(") == expression.count(")") and expression.count("{") == expression.count("}"), expression
    for name in re.findall(r"\$(\w+)", expression):
        assert name in variables, f"{expression}: no variable {name}"
    for name, labels in re.findall(r"\b(burstgate_\w+)(?:\{(.*?)\})?", expression):
        assert name in written, f"{expression}: nobody writes {name}"
        used.add(name)
        unknown = set(re.findall(r"(\w+)=~?\"", labels)) - written[name] - group
        assert not unknown, f"{expression}: {name} has no label {unknown}"
for panel in panels:
    for target in panel["targets"]:
        names = re.findall(r"\bburstgate_\w+", target["expr"])
        known = group.union(*(written[name] for name in names)) | {"kind"}  # of an anchor's change
        unknown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) - known
        assert not unknown, f"{panel['title']}: its legend names {unknown}"
family_of = lambda name: name if name in families else re.sub(r"_(sum|count)$", "", name)
assert {family_of(name) for name in used} == families, families ^ {family_of(name) for name in used}
print(f"grafana: {len(panels)} panels, {len(families)} families")
PYTHON
