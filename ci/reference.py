#!/usr/bin/env python3
"""docs/reference.md from the JSON schemas: every key with its value, default and meaning.

    ci/reference.py            # writes docs/reference.md
    ci/reference.py --check    # exit 1 when it is not what would be written, or a key is not described
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "reference.md"

# What the patterns of the schemas stand for.
PATTERNS = [
    ("(us|ms|s|m|h)(\\.\\.", "a duration or two, `1s..3s`"),
    ("(us|ms|s|m|h)$", "a duration"),
    ("/[smh]$", "a rate"),
    ("KiB", "a size"),
    ("^(https?://", "a URL"),
    ("^((https?|tcp)://", "a URL"),
    ("^(/|", "a path"),
    ("pp$", "percentage points"),
    ("%$", "a percentage"),
]


class Schema:
    def __init__(self, name):
        self.root = json.loads((ROOT / "schemas" / name).read_text())

    def at(self, reference):
        node = self.root
        for part in reference.removeprefix("#/").split("/"):
            node = node[int(part)] if isinstance(node, list) else node[part]
        return node

    def resolved(self, node):
        """The node with what it refers to; its own words win."""
        merged = {}
        for part in [*node.get("allOf", []), *([node] if "$ref" in node else [])]:
            if part.get("$ref", "").startswith("#/"):
                merged.update(self.resolved(self.at(part["$ref"])))
        own = ("allOf",) if not node.get("$ref", "#").startswith("#") else ("allOf", "$ref")
        merged.update({key: value for key, value in node.items() if key not in own})
        return merged

    def alternatives(self, node):
        node = self.resolved(node)
        choices = [part for key in ("anyOf", "oneOf") for part in node.get(key, []) if set(part) - {"required", "not", "anyOf"}]
        return [self.resolved(choice) for choice in choices if "properties" not in node] or [node]


def code(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return f"`{text}`"


def kind(schema, node):
    words = []
    for choice in schema.alternatives(node):
        inner = schema.alternatives(choice)
        words += [kind(schema, part) for part in inner] if len(inner) > 1 else [kind_of_one(schema, choice)]
    return " or ".join(dict.fromkeys(words))


def kind_of_one(schema, node):
    if "const" in node:
        return code(node["const"])
    if "enum" in node:
        return ", ".join(dict.fromkeys(code(value) for value in node["enum"]))
    if "$ref" in node:
        return f"what a {node['$ref'].split('.')[0]} file holds"
    types = node.get("type", "object" if "properties" in node else "any value")
    if isinstance(types, list):
        return " or ".join(kind_of_one(schema, {**node, "type": one}) for one in types)
    if types in ("integer", "number"):
        words = "a whole number" if types == "integer" else "a number"
        least, most = node.get("minimum"), node.get("maximum")
        large = most is not None and most >= 2**53
        if least is not None and most is not None and not large:
            return f"{words}, {least} to {most}"
        return words if least in (None, 0) else f"{words}, from {least}"
    if types == "string":
        pattern = node.get("pattern", "")
        return next((words for mark, words in PATTERNS if mark in pattern), "text")
    if types == "array":
        return "a list of " + plural(kind(schema, node["items"])) if isinstance(node.get("items"), dict) else "a list"
    return {"object": "a mapping", "boolean": "`true` or `false`", "null": "null"}.get(types, types)


def plural(words):
    return {"a mapping": "mappings", "a number": "numbers"}.get(words, words)


def default(node):
    return code(node["default"]) if "default" in node else ""


def example(node):
    values = [value for value in node.get("examples", []) if not isinstance(value, (dict, list))]
    return code(values[0]) if values else ""


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


class Page:
    def __init__(self):
        self.lines = []
        self.undescribed = []

    def rows(self, schema, node, prefix, stop=()):
        """The keys of a mapping and, below each, the keys of what it holds."""
        for key, value in node.get("properties", {}).items():
            own = schema.resolved(value)
            path = prefix + key
            description = value.get("description") or own.get("description", "")
            if not description:
                self.undescribed.append(path)
            row = [code(path), kind(schema, value), default(own), example(own), description]
            self.lines.append("| " + " | ".join(cell(text) for text in row) + " |")
            if not any(reference in json.dumps(value) for reference in stop):
                self.inside(schema, value, path, stop)

    def inside(self, schema, value, path, stop):
        for choice in schema.alternatives(value):
            if "properties" in choice:
                self.rows(schema, choice, path + ".", stop)
            if isinstance(choice.get("items"), dict):
                for item in schema.alternatives(choice["items"]):
                    self.rows(schema, item, path + "[].", stop)
            more = choice.get("additionalProperties")
            if isinstance(more, dict):
                for item in schema.alternatives(more):
                    self.rows(schema, item, path + ".NAME.", stop)

    def table(self, schema, node, prefix="", stop=()):
        self.lines += ["| key | value | default | example | meaning |", "|---|---|---|---|---|"]
        self.rows(schema, node, prefix, stop)
        self.lines.append("")

    def say(self, *lines):
        self.lines += [*lines, ""]


def rules(page, schema):
    """Each kind of rule once; the metrics above say which one they have."""
    names = [name for name in schema.root["definitions"] if name.startswith(("regression", "limit"))]
    for name in names:
        node = schema.root["definitions"][name]
        alternatives = [part for part in node.get("anyOf", []) if "properties" in part]
        if not alternatives:
            continue
        page.say(f"### {name}", node["description"])
        page.table(schema, alternatives[0])


def settings(page):
    schema = Schema("burstgate.schema.json")
    page.say("## burstgate.yaml", schema.root["description"],
             "`NAME` is a name of your choice, `[]` each item of a list. `thresholds` may hold what a thresholds file holds.")
    page.table(schema, schema.root)


def thresholds(page):
    schema = Schema("thresholds.schema.json")
    page.say("## Thresholds", schema.root["description"], "[thresholds/README.md](../thresholds/README.md) explains them.")
    stop = ["#/definitions/regression", "#/definitions/limit"]
    for key in ("regression", "limits"):
        page.say(f"### {key}", schema.root["properties"][key]["description"])
        page.table(schema, schema.root["definitions"][key], f"{key}.", stop)
    endpoints = schema.root["properties"]["endpoints"]
    page.say("### endpoints", endpoints["description"])
    page.table(schema, endpoints["additionalProperties"], "endpoints.NAME.", stop)
    rules(page, schema)


def waivers(page):
    schema = Schema("waivers.schema.json")
    page.say("## Waivers", schema.root["description"], "[baselines.md](baselines.md#waivers) explains them.")
    page.table(schema, schema.root["items"], "[].")


def results(page):
    schema = Schema("result.schema.json")
    page.say("## Results", schema.root.get("description", "What a run leaves behind."),
             "[baseline-format.md](baseline-format.md) explains the format.")
    references = [f"#/definitions/{name}" for name in schema.root["definitions"]]
    page.table(schema, schema.root, "", references)
    for name, node in schema.root["definitions"].items():
        parts = [part for part in [node, *node.get("allOf", []), *schema.alternatives(node)] if "properties" in part]
        if not parts:
            continue
        page.say(f"### {name}", *([node["description"]] if "description" in node else []))
        page.table(schema, parts[0], "", references)
    baseline = Schema("baseline.schema.json")
    page.say("## Baseline files", baseline.root["description"])
    page.table(baseline, baseline.root, "", ["result.schema.json"])


def main():
    page = Page()
    page.say("# Every key", "Written by `ci/reference.py` from the JSON schemas in [schemas/](../schemas). Do not edit.")
    settings(page)
    thresholds(page)
    waivers(page)
    results(page)
    text = "\n".join(page.lines).rstrip() + "\n"
    for path in page.undescribed:
        print(f"no description: {path}", file=sys.stderr)
    if "--check" not in sys.argv:
        TARGET.write_text(text)
    elif not TARGET.exists() or TARGET.read_text() != text:
        print(f"{TARGET} is not what the schemas say: run ci/reference.py", file=sys.stderr)
        return 1
    return 1 if page.undescribed else 0


if __name__ == "__main__":
    sys.exit(main())
