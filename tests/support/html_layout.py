#!/usr/bin/env python3
"""Looks at HTML reports in headless Chromium and prints what a reader would complain about.

  html_layout.py [--screenshots FOLDER] REPORT.html ...

Each report is laid out on a phone (390 px) and a desktop (1280 px), light and dark, and once more without its style sheet, as
Jenkins shows it. Complaints: the page scrolls sideways, a chart's labels touch each other or leave the chart, text is
too small or has too little contrast (WCAG: 4.5 to 1 for text, 3 to 1 for lines). Exit 1 when there is one.
"""
import argparse
import html
import json
import os
import re
import subprocess
import sys
import tempfile

CHECK = r"""
const complaints = [];
const view = document.documentElement;
if (view.scrollWidth > view.clientWidth) complaints.push(`scrolls sideways: ${view.scrollWidth} px on ${view.clientWidth}`);

const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const numbers = c => (c.match(/[\d.]+/g) || []).map(Number);
const luminance = c => { const [r, g, b] = numbers(c).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const solid = c => { const n = numbers(c); return n.length >= 3 && (n.length < 4 || n[3] > 0.99); };
function paper(element) {
  for (let e = element; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (solid(c)) return c;
  }
  return getComputedStyle(view).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches
      ? "rgb(18,18,18)" : "rgb(255,255,255)";
}
const words = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join(" ").trim();
for (const e of document.body.querySelectorAll("*")) {
  const said = words(e);
  if (!said || e.tagName === "SCRIPT" || !e.getClientRects().length) continue;
  const style = getComputedStyle(e);
  const color = e instanceof SVGElement ? style.fill : style.color;
  if (ratio(color, paper(e)) < 4.5) complaints.push(`contrast ${ratio(color, paper(e)).toFixed(2)}: "${said.slice(0, 40)}"`);
}
for (const line of document.querySelectorAll(".series")) {
  const c = ratio(getComputedStyle(line).stroke, paper(line));
  if (c < 3) complaints.push(`contrast of a line ${c.toFixed(2)}`);
}
for (const svg of document.querySelectorAll("svg")) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map(t => [t.textContent, t.getBoundingClientRect()]);
  texts.forEach(([said, a], i) => {
    if (a.height < 10) complaints.push(`text of ${a.height.toFixed(1)} px: "${said}"`);
    if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1)
      complaints.push(`label leaves its chart: "${said}"`);
    for (const [other, b] of texts.slice(i + 1)) {
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2)
        complaints.push(`labels overlap: "${said}" and "${other}"`);
    }
  });
}
parent.document.getElementById("found").textContent =
    JSON.stringify({complaints, height: view.scrollHeight, charts: document.querySelectorAll("svg").length});
"""

VIEWS = [("phone", 390), ("desktop", 1280)]


def chromium(arguments):
    done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *arguments],
                          capture_output=True, text=True, timeout=120)
    return done.stdout


def framed(page, width, height, folder):
    """A page that shows `page` in a frame of that width: a browser's window cannot be as narrow as a phone."""
    path = os.path.join(folder, "frame.html")
    with open(path, "w") as f:
        f.write(f'<!DOCTYPE html><body style="margin:0"><iframe style="border:0" width="{width}" height="{height}" '
                f'srcdoc="{html.escape(page, quote=True)}"></iframe><pre id="found"></pre></body>')
    return path


def look(page, width, dark, folder):
    scripted = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    scripted = scripted.replace("</body>", f"<script>{CHECK}</script></body>")
    path = framed(scripted, width, 900, folder)
    shown = chromium([*dark, "--window-size=1400,1000", "--dump-dom", f"file://{path}"])
    found = re.search(r'<pre id="found">(.*?)</pre>', shown, re.S)
    if not found or not found.group(1):
        sys.exit("the page was not laid out")
    return json.loads(html.unescape(found.group(1)))


def screenshot(page, width, height, dark, path, folder):
    frame = framed(page, width, height, folder)
    chromium([*dark, f"--window-size={max(width, 500)},{height}", f"--screenshot={path}", f"file://{frame}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screenshots", default="")
    parser.add_argument("reports", nargs="+")
    arguments = parser.parse_args()
    bad = False
    for report in arguments.reports:
        with open(report) as f:
            page = f.read()
        plain = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
        looks = [(f"{name}, {light}", page, width, ["--force-dark-mode"] if light == "dark" else [])
                 for name, width in VIEWS for light in ("light", "dark")]
        looks.append(("desktop, no style sheet", plain, 1280, []))
        with tempfile.TemporaryDirectory() as folder:
            for name, shown, width, dark in looks:
                found = look(shown, width, dark, folder)
                for complaint in found["complaints"]:
                    print(f"{os.path.basename(report)}, {name}: {complaint}")
                    bad = True
                if arguments.screenshots:
                    stem = os.path.splitext(os.path.basename(report))[0]
                    file = os.path.join(arguments.screenshots, f"{stem}-{name.replace(', ', '-').replace(' ', '-')}.png")
                    screenshot(shown, width, found["height"] + 20, dark, file, folder)
            print(f"{os.path.basename(report)}: {found['charts']} drawings, looked at {len(looks)} times")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
