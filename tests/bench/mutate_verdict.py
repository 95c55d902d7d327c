#!/usr/bin/env python3
"""Proves that the tests of the verdict notice every flipped comparison.

Each comparison operator (< <= > >= == !=), each && and ||, each + and - between values and each decimal or whole-number
constant in src/verdict/*.cpp and src/stats/*.cpp is changed, one at a time; the file is compiled, linked with the other
objects and the tests of both rooms are run. A change that no test notices is a survivor. Survivors that cannot be
noticed, because the changed program means the same, are listed below with the reason.

    tests/bench/mutate_verdict.py [--work DIR] [--only TEXT] [--list] [--jobs N]

Prints the counts and every survivor; exit code 1 when there is one that is not listed. Takes some minutes.
"""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ["src/verdict", "src/stats"]
OTHERS = ["src/base/assert.cpp", "src/base/error.cpp", "src/base/metric.cpp", "src/base/text.cpp",
          "src/measure/histogram.cpp", "src/measure/measurement.cpp", "src/measure/paired.cpp",
          "src/config/thresholds.cpp", "tests/support/measurement_builder.cpp", "tests/support/paired_builder.cpp"]
FLAGS = ["-std=c++20", "-w", "-D_GLIBCXX_ASSERTIONS", "-I", str(ROOT / "src"), "-I", str(ROOT / "tests"),
         f'-DBURSTGATE_SOURCE_DIR="{ROOT}"']
PRECOMPILED = ["algorithm", "cmath", "functional", "map", "numeric", "optional", "set", "string", "variant", "vector",
               "fmt/format.h"]

# (file, text of the line after the change, reason). Equivalent changes only.
EQUIVALENT = [
    ("decision.cpp", "return (3 + 1);", "only the order of the ranks counts"),
    ("decision.cpp", "rank(a) <= rank(b)", "equal ranks are the same outcome"),
    ("comparability.cpp", ">= max_reference_shift", "a logarithm that equals the limit to the last bit"),
    ("estimate.cpp", "residual_deviation > max_residual_share", "two computed spreads that agree to the last bit"),
    ("estimate.cpp", "line->slope < 0", "a level line leaves the residuals as they are, and does not help"),
    ("judge.cpp", "std::ptrdiff_t{-(1 + 1)}", "anything before 0 sorts first"),
    ("regression.cpp", "limit > *check.smallest_visible_change",
     "differs only when a limit equals a computed bound to the last bit, and then only in a note"),
    ("regression.cpp", "runs > (0 + 1)", "the number is 0 or at least 5"),
    ("regression.cpp", "degrees_of_freedom > (0 + 1)", "the number is 0 or at least 4"),
    ("regression_line.cpp", "(x[i] + line.mean_x)", "deviations add up to 0: the other factor may be moved by a constant"),
    ("regression_line.cpp", "(y[i] + line.mean_y)", "the same"),
    ("same_work.cpp", "bounds.low >= 0", "Wilson bounds have a width: neither is 0 exactly"),
    ("same_work.cpp", "bounds.high <= 0", "Wilson bounds have a width: neither is 0 exactly"),
    ("validity.cpp", "value_or((0 + 1))", "a tenth of 1 us is as far below 1 ms as a tenth of 0"),
    ("proportions.cpp", "double outside = (38 + 1);", "the search starts beyond every probability either way"),
    ("proportions.cpp", "int i = (0 + 1); i < 100", "99, 100 or 101 halvings: the resolution is reached after 60"),
    ("proportions.cpp", "int i = 0; i <= 100", "99, 100 or 101 halvings"),
    ("proportions.cpp", "int i = 0; i < (100 + 1)", "99, 100 or 101 halvings"),
    ("proportions.cpp", ".low >= margin ? inside", "where the bound equals the margin both ends of the search meet"),
    ("proportions.cpp", "variance_of_independent >= 0", "0 / 0 is not a number, and max(1, that) is 1 as well"),
]

SWAPS = {"<": ["<=", ">"], "<=": ["<", ">"], ">": [">=", "<"], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
         "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"]}
TOKEN = re.compile(r'(?P<skip>"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|//.*|->|<<|>>|\+\+|--|\+=|-=)'
                   r'|(?P<op>(?<= )(?:<=|>=|==|!=|&&|\|\||<|>|\+|-)(?= ))'
                   r'|(?P<num>(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.]))')


def mutants_of(path):
    """(line number, changed line) for every change; preprocessor lines, comments and texts stay."""
    for number, line in enumerate(path.read_text().splitlines()):
        if line.startswith("#"):
            continue
        for match in TOKEN.finditer(line):
            if match["op"]:
                replacements = SWAPS[match["op"]]
            elif match["num"]:
                value = match["num"]
                replacements = [f"({value} + 1)"] if value.isdigit() else [f"({value} * 1.01)"]
                if float(value) == 0 and not value.isdigit():
                    continue
            else:
                continue
            for replacement in replacements:
                yield number, line[:match.start()] + replacement + line[match.end():]


def run(command, timeout=600):
    return subprocess.run(["nice"] + [str(word) for word in command], capture_output=True, text=True, timeout=timeout)


def compiler():
    return (["ccache"] if shutil.which("ccache") else []) + ["g++"]


def compile_to(source, target, extra):
    result = run(compiler() + FLAGS + extra + ["-c", source, "-o", target])
    return result.returncode == 0, result.stderr


def object_name(source):
    return str(source).replace("/", "_") + ".o"


def link_and_test(objects, binary):
    """True when the tests pass."""
    if run(["g++"] + objects + ["-lfmt", "-lyaml-cpp", "-o", binary]).returncode != 0:
        return False
    try:
        return run([binary, "--no-intro=1", "--abort-after=1"], timeout=60).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def prepare(work):
    """Compiles everything once; returns the objects by source."""
    work.mkdir(parents=True, exist_ok=True)
    header = work / "all.hpp"
    header.write_text("#pragma once\n" + "".join(f"#include <{name}>\n" for name in PRECOMPILED))
    run(["g++", "-O0"] + FLAGS + ["-x", "c++-header", header, "-o", work / "all.hpp.gch"])
    main = work / "main.cpp"
    main.write_text("#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n")
    sources = [main] + [ROOT / other for other in OTHERS]
    for folder in ROOMS + ["tests/unit/verdict", "tests/unit/stats"]:
        sources += sorted((ROOT / folder).glob("*.cpp"))
    objects = {}
    for source in sources:
        objects[source] = work / object_name(source.name if source == main else source.relative_to(ROOT))
        ok, text = compile_to(source, objects[source], ["-O1"])
        if not ok:
            sys.exit(text)
    if not link_and_test(list(objects.values()), work / "tests"):
        sys.exit("the unchanged tests fail")
    return objects


def try_mutant(work, objects, index, source, number, changed):
    """"killed", "survived" or "invalid" (does not compile)."""
    folder = work / f"mutant-{index}"
    folder.mkdir(exist_ok=True)
    try:
        lines = source.read_text().splitlines()
        lines[number] = changed
        copy, target = folder / source.name, folder / "changed.o"
        copy.write_text("\n".join(lines) + "\n")
        ok, _ = compile_to(copy, target, ["-O0", "-include", work / "all.hpp"])
        if not ok:
            return "invalid"
        others = [target if key == source else value for key, value in objects.items()]
        return "survived" if link_and_test(others, folder / "tests") else "killed"
    finally:
        shutil.rmtree(folder)


def reason_for(source, changed):
    for file, text, reason in EQUIVALENT:
        if source.name == file and text in changed:
            return reason
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/mutate-verdict"))
    parser.add_argument("--only", default="", help="files whose path contains this text")
    parser.add_argument("--list", action="store_true", help="print the changes and stop")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()

    todo = []
    for room in ROOMS:
        for source in sorted((ROOT / room).glob("*.cpp")):
            if options.only in str(source.relative_to(ROOT)):
                todo += [(source, number, changed) for number, changed in mutants_of(source)]
    if options.list:
        for source, number, changed in todo:
            print(f"{source.relative_to(ROOT)}:{number + 1}: {changed.strip()}")
        print(len(todo), "changes")
        return 0

    objects = prepare(options.work)
    counts = {"killed": 0, "survived": 0, "invalid": 0, "equivalent": 0}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda item: try_mutant(options.work, objects, item[0], *item[1]), enumerate(todo))
        for (source, number, changed), result in zip(todo, results):
            if result == "survived" and reason_for(source, changed):
                result = "equivalent"
            counts[result] += 1
            if result == "survived":
                print(f"SURVIVED {source.relative_to(ROOT)}:{number + 1}: {changed.strip()}", flush=True)
    print(f"{len(todo)} changes: {counts['killed']} noticed, {counts['invalid']} do not compile, "
          f"{counts['equivalent']} equivalent (listed), {counts['survived']} survived")
    return 1 if counts["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
