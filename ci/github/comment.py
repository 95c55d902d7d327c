#!/usr/bin/env python3
"""Posts comment.md of another run's artifact on the pull request that the run was for, or renews the comment there.

The run executed the pull request's code, so its artifact may hold anything: nothing of it is unpacked, only one text of
bounded size is read, and what a comment of burstgate never holds is taken out of it. The pull request is looked up by
the commit that was measured, for a number in the artifact could be anybody's.

Environment: GITHUB_TOKEN, GITHUB_API_URL, GITHUB_SERVER_URL, GITHUB_REPOSITORY, ARTIFACT, RUN_ID, HEAD_SHA,
HEAD_REPOSITORY.
"""
import io
import json
import os
import re
import sys
import urllib.parse
import urllib.request
import zipfile

MOST_ARTIFACT_BYTES = 50_000_000
MOST_TEXT_BYTES = 240_000  # 60,000 characters of up to four bytes
MOST_CHARACTERS = 60_000  # GitHub refuses more than 65,536
MOST_PAGES = 20
MARKER = re.compile(r"<!-- burstgate:[A-Za-z0-9_.…-]{0,120} -->\n")
BOT = "github-actions[bot]"


def refuse(reason):
    sys.exit(f"no comment: {reason}")


def call(path, body=None, method=None, most=8_000_000):
    """The answer of the API. The token stays with the API: a redirect leads to a storage that must not see it."""
    url = os.environ["GITHUB_API_URL"].rstrip("/") + path
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, method=method)
    request.add_unredirected_header("Authorization", "Bearer " + os.environ["GITHUB_TOKEN"])
    request.add_header("Accept", "application/vnd.github+json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        content = answer.read(most + 1)
    if len(content) > most:
        refuse(f"{path} answers with more than {most} bytes")
    return content


def pages(path):
    for page in range(1, MOST_PAGES + 1):
        items = json.loads(call(f"{path}{'&' if '?' in path else '?'}per_page=100&page={page}"))
        yield from items
        if len(items) < 100:
            return


def text_of_artifact(repository, run, name):
    query = urllib.parse.urlencode({"name": name, "per_page": 1})
    found = json.loads(call(f"/repos/{repository}/actions/runs/{run}/artifacts?{query}"))["artifacts"]
    if not found:
        refuse("the run has no such artifact")
    content = call(f"/repos/{repository}/actions/artifacts/{int(found[0]['id'])}/zip", most=MOST_ARTIFACT_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("comment.md") as member:
            return member.read(MOST_TEXT_BYTES).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
        refuse("the artifact holds no readable comment.md")


def harmless(text):
    """What burstgate writes stays as it is. Elements, pictures, links with a text of their own, mentions, and characters
    that are not seen, do not get through."""
    match = MARKER.match(text)
    if not match:
        refuse("comment.md does not begin like a comment of burstgate")
    text = text[match.end() :]
    text = re.sub(r"[^\n\t\x20-\x7e\u00a1-\ufffd\U00010000-\U000fffff]", "", text)
    text = re.sub(r"[\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\U000e0000-\U000e0fff]", "", text)
    text = re.sub(r"<(?!/?details>|/?summary>)", "&lt;", text)
    text = re.sub(r"\](?=[(\[:])", "]\u200b", text)
    text = re.sub(r"((?<!&)#|@)(?=\w)", "\\1\u200b", text)
    return match.group(), text[:MOST_CHARACTERS]


def number_of_pull_request(repository, sha, head_repository):
    if not re.fullmatch(r"[0-9a-f]{40}", sha):
        refuse("the run names no commit")
    for pull in pages(f"/repos/{repository}/pulls?state=open&sort=updated&direction=desc"):
        head = pull["head"]
        if head["sha"] == sha and (head.get("repo") or {}).get("full_name") == head_repository:
            return int(pull["number"])
    print("no open pull request has this commit as its last: nothing to comment on")
    sys.exit(0)


def main():
    environment = os.environ
    repository, run = environment["GITHUB_REPOSITORY"], int(environment["RUN_ID"])
    number = number_of_pull_request(repository, environment["HEAD_SHA"], environment["HEAD_REPOSITORY"])
    marker, text = harmless(text_of_artifact(repository, run, environment["ARTIFACT"]))
    link = f"{environment['GITHUB_SERVER_URL']}/{repository}/actions/runs/{run}"
    # First, where no unclosed element can hide it.
    body = {"body": f"{marker}From {link}, which ran the code of the pull request:\n\n{text}"}
    for comment in pages(f"/repos/{repository}/issues/{number}/comments"):
        if comment["user"]["login"] == BOT and comment["body"].replace("\r\n", "\n").startswith(marker):
            call(f"/repos/{repository}/issues/comments/{int(comment['id'])}", body, "PATCH")
            return print(f"renewed the comment on pull request {number}")
    call(f"/repos/{repository}/issues/{number}/comments", body, "POST")
    print(f"commented on pull request {number}")


if __name__ == "__main__":
    main()
