"""Runs a composite action or a workflow's job as a GitHub runner would: expressions, environment files, shell flags.

Only what this repository's actions use. Steps that use an action from elsewhere (checkout, cache, upload-artifact) are
noted and passed over, as if a cache had been empty.
"""
import os
import pathlib
import re
import subprocess
import tempfile

import yaml

OURS = "YOUR_ORG/burstgate"  # the placeholder of the recipes
TOKEN = re.compile(r"\s*('[^']*'|==|!=|&&|\|\||[A-Za-z_][\w.-]*(?:\(\))?)")
OPERATORS = {"==": "==", "!=": "!=", "&&": "and", "||": "or"}
COMMAND = re.compile(r"^\s*::([A-Za-z-]+)(?: [^:]*)?::|##\[([a-z-]+)\]", re.MULTILINE)


def value_of(context, name):
    for part in name.split("."):
        context = context.get(part, "") if isinstance(context, dict) else ""
    return context


def evaluated(expression, context):
    """`inputs.x`, 'text', ==, !=, &&, ||, always(): nothing else is known."""
    words, place = [], 0
    while place < len(expression.rstrip()):
        match = TOKEN.match(expression, place)
        if not match:
            raise ValueError(f"not understood: {expression}")
        word, place = match.group(1), match.end()
        if word in OPERATORS:
            words.append(OPERATORS[word])
        elif word == "always()":
            words.append("True")
        else:
            words.append(repr(word[1:-1] if word.startswith("'") else value_of(context, word)))
    return eval(" ".join(words), {"__builtins__": {}})  # literals and operators only


def filled_in(text, context):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(evaluated(m.group(1), context)), str(text))


def read_outputs(path):
    """GITHUB_OUTPUT: name=value, or name<<MARK, lines, MARK."""
    outputs, lines = {}, iter(pathlib.Path(path).read_text().split("\n"))
    for line in lines:
        if not line:
            continue
        single, multi = re.match(r"([^=<]+)=(.*)$", line), re.match(r"([^=<]+)<<(.+)$", line)
        if multi:
            value = []
            for part in lines:
                if part == multi.group(2):
                    break
                value.append(part)
            else:
                raise ValueError(f"no end of {multi.group(1)}")
            outputs[multi.group(1)] = "\n".join(value)
        elif single:
            outputs[single.group(1)] = single.group(2)
        else:
            raise ValueError(f"not an output: {line}")
    return outputs


def commands_in(log):
    """The workflow commands that a runner would find in a step's log."""
    return [a or b for a, b in COMMAND.findall(log)]


class Job:
    def __init__(self, workspace, path, github=None, env=None):
        self.workspace = pathlib.Path(workspace)
        self.temp = tempfile.mkdtemp(prefix="runner-", dir=self.workspace.parent)
        self.github = {"token": "token-of-the-job", **(github or {})}
        self.env = {"PATH": path, "HOME": self.temp, "LANG": "C.UTF-8", **(env or {})}
        self.steps, self.log, self.passed_over = {}, "", []
        self.summary = ""

    def _files(self):
        names = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")
        folder = tempfile.mkdtemp(dir=self.temp)
        files = {name: os.path.join(folder, name) for name in names}
        for file in files.values():
            pathlib.Path(file).touch()
        return files

    def _run(self, step, context, action_path):
        files = self._files()
        script = pathlib.Path(files["GITHUB_OUTPUT"] + ".sh")
        script.write_text(filled_in(step["run"], context) + "\n")
        env = {**self.env, **files, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace),
               "RUNNER_TEMP": self.temp, "RUNNER_OS": "Linux", "GITHUB_ACTION_PATH": str(action_path or "")}
        env.update({name: filled_in(value, context) for name, value in step.get("env", {}).items()})
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(command, cwd=self.workspace, env=env, stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self.log += done.stdout
        self.summary += pathlib.Path(files["GITHUB_STEP_SUMMARY"]).read_text()
        if pathlib.Path(files["GITHUB_ENV"]).read_text() or pathlib.Path(files["GITHUB_PATH"]).read_text():
            raise ValueError("an action that changes the environment of later steps")
        return done.returncode, read_outputs(files["GITHUB_OUTPUT"])

    def _steps(self, steps, context, action_path, actions):
        code = 0
        for step in steps:
            condition = str(step.get("if", "")) or "always()"
            if (code and "always()" not in str(step.get("if", ""))) or not evaluated(condition, context):
                continue
            if "run" in step:
                done, outputs = self._run(step, context, action_path)
            elif step["uses"].split("@")[0] in actions:
                given = {name: filled_in(value, context) for name, value in step.get("with", {}).items()}
                done, outputs = self.action(actions[step["uses"].split("@")[0]], given)
            else:
                self.passed_over.append(step["uses"].split("@")[0])
                done, outputs = 0, {}
            code = code or done
            if "id" in step:
                context["steps"][step["id"]] = {"outputs": outputs}
        return code

    def action(self, folder, inputs):
        """The exit code and outputs of the action in `folder`."""
        action = yaml.safe_load((pathlib.Path(folder) / "action.yml").read_text())
        unknown = set(inputs) - set(action["inputs"])
        if unknown:
            raise ValueError(f"unknown inputs: {unknown}")
        defaults = {name: filled_in(about.get("default", ""), {"github": self.github})
                    for name, about in action["inputs"].items()}
        context = {"inputs": {**defaults, **inputs}, "steps": {}, "github": self.github}
        code = self._steps(action["runs"]["steps"], context, folder, {})
        outputs = {name: filled_in(about["value"], context) for name, about in action.get("outputs", {}).items()}
        return code, outputs

    def workflow(self, file, root):
        """The exit code of the workflow's one job; this repository's own actions come from `root`."""
        (job,) = yaml.safe_load(pathlib.Path(file).read_text())["jobs"].values()
        actions = {OURS: root, OURS + "/ci/github/comment": root / "ci/github/comment"}
        return self._steps(job["steps"], {"steps": {}, "github": self.github, "runner": {"name": "r1"}}, None, actions)
