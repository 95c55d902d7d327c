"""What recipes_test.sh asks about the files of ci/.

  recipes.py check                           every file parses and keeps the rules; exit 1 with what is wrong
  recipes.py script SYSTEM                   the lines that this CI system would run
  recipes.py artifacts SYSTEM RUN            the files that the recipe publishes are there
"""
import copy
import os
import pathlib
import re
import shlex
import sys

import yaml

MOST_LINES = 40
GITHUB = ("pull-request-paired", "pull-request-stored", "nightly-stress", "weekly-soak", "weekly-spike", "comment")
SHORT = [f"ci/github/{name}.yml" for name in GITHUB] + [
    "ci/gitlab/burstgate.yml", "ci/jenkins/Jenkinsfile", "ci/azure/burstgate.yml", "ci/buildkite/pipeline.yml",
    "ci/hooks/pre-push", "ci/hooks/pre-commit-config.yaml", "ci/make/burstgate.mk", ".pre-commit-hooks.yaml"]
ALLOWED = {"comment": {"actions": "read", "pull-requests": "write"}}
READ_ONLY = {"contents": "read"}
OURS = re.compile(r"YOUR_ORG/burstgate(/ci/github/comment)?@v")


def load(path):
    return yaml.safe_load(pathlib.Path(path).read_text())


def complaints_about_steps(steps):
    for step in steps:
        what = step.get("name") or step.get("uses") or step.get("run")
        if "${{" in step.get("run", ""):
            yield f"{what}: an expression inside run"
        uses = step.get("uses", "")
        if uses and not re.search(r"@(v\d|[0-9a-f]{40}$)", uses):
            yield f"{what}: no version"
        if uses.startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
            yield f"{what}: leaves the token behind"
        ours = OURS.match(uses)
        if ours:
            action = load(f".{ours.group(1) or ''}/action.yml")
            yield from (f"{what}: no input {name}" for name in set(step.get("with", {})) - set(action["inputs"]))


def complaints_about_workflow(name, workflow):
    """What is wrong with one workflow of ci/github."""
    triggers = workflow[True]  # "on" is a boolean of YAML 1.1
    if workflow.get("permissions") != ALLOWED.get(name, READ_ONLY):
        yield f"permissions {workflow.get('permissions')}"
    if "concurrency" not in workflow:
        yield "no concurrency"
    if "pull_request_target" in str(triggers):
        yield "pull_request_target"
    for job in workflow["jobs"].values():
        if not isinstance(job.get("timeout-minutes"), int):
            yield "a job without timeout-minutes"
        if "permissions" in job:
            yield "permissions of a job"
        if "workflow_run" in triggers and any(not OURS.match(step.get("uses", "")) for step in job["steps"]):
            yield "does more than comment"
        yield from complaints_about_steps(job["steps"])


def complaints_about_action(path):
    action = load(path)
    if action["runs"]["using"] != "composite" or not action["name"] or not action["description"]:
        yield "not a composite action with name and description"
    steps = action["runs"]["steps"]
    yield from complaints_about_steps(steps)
    if any(step.get("shell") != "bash" for step in steps if "run" in step):
        yield "run without shell: bash"
    written = str([step.get("env") for step in steps])
    yield from (f"input {name} goes nowhere" for name in action["inputs"] if f"inputs.{name} " not in written)
    ids = {step["id"] for step in steps if "id" in step}
    for name, about in action.get("outputs", {}).items():
        if not re.fullmatch(r"\$\{\{ steps\.(%s)\.outputs\.%s \}\}" % ("|".join(ids), name), about["value"]):
            yield f"output {name} comes from nowhere"


def complaints_about_hooks():
    hooks = load(".pre-commit-hooks.yaml")
    for hook in hooks:
        if not {"id", "name", "entry", "language", "stages", "minimum_pre_commit_version"} <= set(hook):
            yield f"{hook['id']}: a key is missing"
        if hook["language"] == "script" and not os.access(hook["entry"], os.X_OK):
            yield f"{hook['id']}: {hook['entry']} is no program"
    for repo in load("ci/hooks/pre-commit-config.yaml")["repos"]:
        yield from (f"no hook {used['id']}" for used in repo["hooks"] if used["id"] not in [h["id"] for h in hooks])


def complaints_about_brackets(path):
    """Of a Jenkinsfile, which nothing here can parse: texts and comments taken away, brackets go in pairs."""
    text = pathlib.Path(path).read_text()
    text = re.sub(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", text, flags=re.DOTALL)
    if re.search(r"['\"]", text):
        yield "a text without an end"
    text = re.sub(r"[^()\[\]{}]", "", text)
    while re.search(r"\(\)|\[\]|\{\}", text):
        text = re.sub(r"\(\)|\[\]|\{\}", "", text)
    if text:
        yield f"brackets that do not go in pairs: {text}"


def complaints():
    for path in SHORT:
        lines = len(pathlib.Path(path).read_text().splitlines())
        if lines > MOST_LINES:
            yield f"{path}: {lines} lines, at most {MOST_LINES}"
    for name in GITHUB:
        path = f"ci/github/{name}.yml"
        yield from (f"{path}: {what}" for what in complaints_about_workflow(name, load(path)))
    for path in ("action.yml", "ci/github/comment/action.yml"):
        yield from (f"{path}: {what}" for what in complaints_about_action(path))
    yield from (f".pre-commit-hooks.yaml: {what}" for what in complaints_about_hooks())
    yield from (f"ci/jenkins/Jenkinsfile: {what}" for what in complaints_about_brackets("ci/jenkins/Jenkinsfile"))


def mistakes_that_pass():
    """The checks are able to fail: each change makes a good workflow a bad one."""
    good = load("ci/github/pull-request-paired.yml")
    step = {"gate": lambda job: next(s for s in job["steps"] if OURS.match(s.get("uses", "")))}
    changes = {
        "write permission": lambda w, j: w.update(permissions={"contents": "write"}),
        "no permissions": lambda w, j: w.pop("permissions"),
        "no timeout": lambda w, j: j.pop("timeout-minutes"),
        "no concurrency": lambda w, j: w.pop("concurrency"),
        "pull_request_target": lambda w, j: w.update({True: "pull_request_target"}),
        "expression in run": lambda w, j: j["steps"].append({"run": "echo ${{ github.head_ref }}"}),
        "no version": lambda w, j: j["steps"].append({"uses": "actions/cache"}),
        "token kept": lambda w, j: j["steps"][0]["with"].pop("persist-credentials"),
        "unknown input": lambda w, j: step["gate"](j)["with"].update(confg="x"),
    }
    for name, change in changes.items():
        bad = copy.deepcopy(good)
        change(bad, next(iter(bad["jobs"].values())))
        if not list(complaints_about_workflow("pull-request-paired", bad)):
            yield f"the check for '{name}' finds nothing"


def jenkins_scripts():
    text = pathlib.Path("ci/jenkins/Jenkinsfile").read_text()
    return re.findall(r"sh '([^'\n]+)'", text) + re.findall(r"script: '''(.*?)'''", text, flags=re.DOTALL)


def azure_scripts():
    """Each step is a shell of its own, and the job ends with the first that fails."""
    (job,) = load("ci/azure/burstgate.yml")["jobs"]
    steps = [step["bash"] for step in job["steps"] if "bash" in step]
    return [f"bash --noprofile --norc -c {shlex.quote(text)} || exit" for text in steps]


def scripts(system):
    if system == "gitlab":
        (job,) = load("ci/gitlab/burstgate.yml").values()
        return job["before_script"] + job["script"]
    if system == "buildkite":
        return [line for step in load("ci/buildkite/pipeline.yml")["steps"] for line in step["command"]]
    return jenkins_scripts() if system == "jenkins" else azure_scripts()


def published(system):
    text = {"gitlab": "ci/gitlab/burstgate.yml", "jenkins": "ci/jenkins/Jenkinsfile",
            "azure": "ci/azure/burstgate.yml", "buildkite": "ci/buildkite/pipeline.yml"}[system]
    files = set(re.findall(r"burstgate-report/[\w.-]+\w", pathlib.Path(text).read_text()))
    written = dict((file, flag) for flag, file in re.findall(r"(--[\w-]+) (burstgate-report/[\w.-]+)",
                                                           pathlib.Path(text).read_text()))
    return {file: written.get(file) for file in files}


def absent(system, run):
    for file, flag in published(system).items():
        if flag is None:
            yield f"{system}: {file} is published, but nothing writes it"
        elif not (pathlib.Path(run) / file).exists():
            yield f"{system}: {file} is not there"


def main(words):
    if words[0] == "script":
        print("\n".join(scripts(words[1])))
        return 0
    found = list(absent(*words[1:])) if words[0] == "artifacts" else [*complaints(), *mistakes_that_pass()]
    print("\n".join(f"FAILED: {what}" for what in found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
