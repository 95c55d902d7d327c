#!/usr/bin/env bash
# What the documents say is there: the reference is what the schemas say, links lead somewhere, and every burstgate line in a
# block of commands has a command and flags that exist. Settings in YAML blocks are right.
set -euo pipefail
burstgate=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 ci/reference.py --check
python3 -B - "$burstgate" "$folder" <<'PYTHON'
import pathlib, re, shlex, subprocess, sys

burstgate, folder = sys.argv[1], pathlib.Path(sys.argv[2])
wrong = []
help_of = {}


def flags(command):
    if command not in help_of:
        run = subprocess.run([burstgate, command, "--help"], capture_output=True, text=True)
        help_of[command] = set(re.findall(r"^  (--[a-z0-9-]+)", run.stdout, re.M)) if run.returncode == 0 else None
    return help_of[command]


def check_line(where, line):
    for part in re.findall(r"(?<![=\w])burstgate ([a-z].*)", line.split("  #")[0]):
        words = shlex.split(re.split(r"[;|&]|\s\$?\(", part)[0], comments=True)
        known = flags(words[0])
        if known is None:
            wrong.append(f"{where}: no command '{words[0]}'")
            continue
        for word in words[1:]:
            if word.startswith("--") and word.split("=")[0] not in known:
                wrong.append(f"{where}: {words[0]} has no flag {word}")


def check_yaml(where, block):
    if "service:" not in block:
        return
    path = folder / "burstgate.yaml"
    (folder / "users.csv").write_text("user,password\n" + "".join(f"u{i},p{i}\n" for i in range(100)))
    path.write_text(re.sub(r"^thresholds: \S+$", "", block, flags=re.M))
    run = subprocess.run([burstgate, "validate", str(path)], capture_output=True, text=True)
    if run.returncode != 0:
        wrong.append(f"{where}:\n{run.stderr}")


pages = sorted(pathlib.Path("docs").glob("*.md")) + [pathlib.Path("README.md")]
lines = 0
for page in pages:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if "://" not in target and not (page.parent / target).exists():
            wrong.append(f"{page}: no {target}")
    for kind, block in re.findall(r"^ *```(\w+)\n(.*?)^ *```", text, re.M | re.S):
        if kind == "yaml":
            check_yaml(page, block)
        if kind == "sh":
            for line in block.splitlines():
                lines += "burstgate " in line
                check_line(page, line)
if lines < 20:
    wrong.append(f"only {lines} lines of commands were found")
for complaint in wrong:
    print(complaint)
sys.exit(1 if wrong else 0)
PYTHON
