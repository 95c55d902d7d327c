#!/usr/bin/env bash
# ci/github/comment: the comment on a pull request, against a stand-in of GitHub's API on loopback: which pull request, a new
# comment or the old one renewed, hostile artifacts, and where the token goes.
set -euo pipefail
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "skipped: python3-yaml is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PYTHONPATH=tests/support /usr/bin/python3 -B - "$PWD" "$folder" <<'PYTHON'
import http.server, io, json, pathlib, resource, sys, threading, zipfile

from action_runner import Job

root, folder = map(pathlib.Path, sys.argv[1:])
SHA, OTHER = "a" * 40, "b" * 40
MARKER = "<!-- burstgate:shop -->\n"
GOOD = (MARKER + "**❌ FAIL** shop: latency p95 5.1 ms -> 7.0 ms, +37 %; fail at +20 %\n\n| Metric | Verdict |\n| --- | --- |\n"
        "| latency p95 of a@&#8203;b | ❌ fail |\n\n<details><summary>Environment</summary>\n\n- http&#58;//127.0.0.1\n\n</details>\n"
        "\n```sh\nburstgate gate --config burstgate.yaml\n```\n")
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def zipped(name="comment.md", text=GOOD):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return file.getvalue()


class Api(http.server.BaseHTTPRequestHandler):
    """One repository; `state` says what is in it, `calls` what was asked."""

    def log_message(self, *words):
        pass

    def answer(self, body, code=200, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        state.calls.append(("GET", path, self.headers.get("Authorization"), None))
        first = "page=1" in query.replace("per_page=100", "")
        if path == "/repos/o/shop/pulls":
            self.answer((state.pulls[:100] if first else state.pulls[100:]))
        elif path == "/repos/o/shop/actions/runs/7/artifacts":
            self.answer({"artifacts": [{"id": 3, "size_in_bytes": 1}] if state.archive is not None else []})
        elif path == "/repos/o/shop/actions/artifacts/3/zip":
            self.answer(b"", 302, Location=f"http://127.0.0.1:{server.server_port}/storage")
        elif path == "/storage":
            self.answer(state.archive)
        else:
            self.answer(state.comments if first else [])

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        state.calls.append((self.command, self.path, self.headers.get("Authorization"), body))
        self.answer({})

    do_PATCH = do_POST


class State:
    def __init__(self):
        self.pulls = [pull(4, OTHER, "o/shop"), pull(5, SHA, "stranger/shop"), pull(6, SHA, "fork/shop")]
        self.archive, self.comments, self.calls = zipped(), [], []


def pull(number, sha, repository):
    return {"number": number, "head": {"sha": sha, "repo": {"full_name": repository} if repository else None}}


def comment(number, login, body):
    return {"id": number, "user": {"login": login}, "body": body}


def play(sha=SHA, archive=None, pulls=None, comments=None, run=7):
    """The exit code, the log, and the one comment that was written: (method, path, body)."""
    global state
    state = State()
    state.archive = zipped() if archive is None else archive or None
    state.pulls = state.pulls if pulls is None else pulls
    state.comments = comments or []
    event = {"id": run, "head_sha": sha, "head_repository": {"full_name": "fork/shop"}, "event": "pull_request"}
    env = {"GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}", "GITHUB_SERVER_URL": "https://github.example",
           "GITHUB_REPOSITORY": "o/shop"}
    workspace = folder / "workspace"
    workspace.mkdir(exist_ok=True)
    job = Job(workspace, "/usr/bin:/bin", github={"event": {"workflow_run": event}}, env=env)
    code = job.workflow(root / "ci/github/comment.yml", root)
    check(not list(workspace.iterdir()), f"files were left: {list(workspace.iterdir())}")
    check("token-of-the-job" not in job.log, "the token is in the log")
    for method, path, authorization, _ in state.calls:
        wanted = None if path == "/storage" else "Bearer token-of-the-job"
        check(authorization == wanted, f"{method} {path}: authorization {authorization}")
    written = [(method, path, body) for method, path, _, body in state.calls if method != "GET"]
    check(len(written) <= 1, f"written: {written}")
    return code, job.log, written[0] if written else None


def posted(text, what):
    """The comment's text, after what the workflow says itself."""
    code, log, written = play(archive=zipped(text=text))
    check(code == 0 and written is not None, f"{what}: {log}")
    body = written[2] if written else ""
    check(body.startswith(MARKER + "From https://github.example/o/shop/actions/runs/7, which ran"), f"{what}: {body[:200]}")
    check(len(body) < 65_000, f"{what}: {len(body)} characters")
    return body.partition(":\n\n")[2]


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()

# A report of burstgate comes through as it is, on the pull request of this commit and this fork.
check(posted(GOOD, "good") == GOOD[len(MARKER):], "a good report is changed")
check(play()[2][:2] == ("POST", "/repos/o/shop/issues/6/comments"), "not on pull request 6")
many = [pull(n, OTHER, "o/shop") for n in range(100, 200)] + [pull(9, SHA, "fork/shop")]
check(play(pulls=many)[2][:2] == ("POST", "/repos/o/shop/issues/9/comments"), "not found on the second page")

# Renewed: our own comment with this marker, nobody else's.
others = [comment(1, "somebody", MARKER + "x"), comment(2, "github-actions[bot]", "<!-- burstgate:other -->\nx")]
ours = comment(3, "github-actions[bot]", MARKER.replace("\n", "\r\n") + "old")
check(play(comments=others)[2][:2] == ("POST", "/repos/o/shop/issues/6/comments"), "somebody's comment was renewed")
check(play(comments=[*others, ours])[2][:2] == ("PATCH", "/repos/o/shop/issues/comments/3"), "not renewed")

# No pull request of this commit (pushed over, or closed): nothing is said. Everything else that is missing: an error.
for pulls in ([], [pull(6, OTHER, "fork/shop")], [pull(6, SHA, None)]):
    check(play(pulls=pulls)[::2] == (0, None), f"commented for {pulls}")
REFUSED = {
    "no artifact": dict(archive=False), "not a zip": dict(archive=b"PK\x03\x04 no"), "cut": dict(archive=zipped()[:40]),
    "another file": dict(archive=zipped("../comment.md")), "no marker": dict(archive=zipped(text="# hello")),
    "a marker of another kind": dict(archive=zipped(text="<!-- burstgate:a --><script> -->\nx")),
    "not a commit": dict(sha="main; rm -rf /"), "empty": dict(archive=zipped(text="")),
}
for name, how in REFUSED.items():
    code, log, written = play(**how)
    check(code == 1 and written is None and "no comment: " in log, f"{name}: exit {code}, {written}\n{log}")
    check("Traceback" not in log, f"{name}: {log}")

# Hostile text.
for text, absent in (
        ("<script>x</script><img src=x onerror=y><details open><a href=//x>", ["<script", "<img", "<a", "<details open"]),
        ("![pixel](http://x/y.png) [click](http://x) [a][b]\n\n[b]: http://x\n[c\\](http://x)", ["](", "][", "]:"]),
        ("@team, @o/all #1 o/shop#2 <https://x>", ["@t", "@o", "#1", "#2", "<h"]),
        ("a\u202eb\u200bc\u2066d\x1b[31m\x00e\ufefff\u00ad\U000e0041", ["\u202e", "\u2066", "\x1b", "\x00", "\ufeff", "\U000e0041"]),
):
    shown = posted(MARKER + text, repr(text))
    check(not [part for part in absent if part in shown], f"{text!r} became {shown!r}")
posted(MARKER + "<" * 300_000, "a long text")
posted(MARKER + "😀" * 100_000, "a long text of wide characters")
posted(MARKER.encode() + b"\xff\xfe\x80broken\xf0\x9f", "no text")
file = io.BytesIO()
with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("comment.md", "w") as member:
    member.write(MARKER.encode())
    for _ in range(300):
        member.write(b"x" * 1_000_000)
check(play(archive=file.getvalue())[2] is not None, "a small file that grows")
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
check(most < 200_000, f"a small file that grows is read whole: {most} KiB")

server.shutdown()
for failure in failures:
    print("FAILED:", failure)
sys.exit(1 if failures else 0)
PYTHON
