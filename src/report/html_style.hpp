// The style sheet of the HTML report. Colours are tokens with a light and a dark value, all with a contrast of at least
// 4.5 to 1 for text and 3 to 1 for lines; nothing is told by colour alone.
#pragma once

#include <string_view>

namespace burstgate::report {

inline constexpr std::string_view html_style = R"css(
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --rule: #d1d9e0; --soft: #f6f8fa; --now: #0969da;
  --before: #6e7781; --pass: #1a7f37; --warn: #9a6700; --fail: #cf222e; --doubt: #8250df; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --rule: #3d444d; --soft: #161b22; --now: #4493f8;
  --before: #9198a1; --pass: #3fb950; --warn: #d29922; --fail: #f85149; --doubt: #ab7df8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .3rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--rule); }
p { margin: .4rem 0; }
header { border-left: 6px solid var(--faint); padding-left: .9rem; }
header.pass { border-color: var(--pass); } header.warn { border-color: var(--warn); }
header.fail { border-color: var(--fail); } header.doubt { border-color: var(--doubt); }
.word { font-weight: 700; white-space: nowrap; }
.pass .word, td.pass { color: var(--pass); } .warn .word, td.warn { color: var(--warn); }
.fail .word, td.fail { color: var(--fail); } .doubt .word, td.doubt { color: var(--doubt); }
.reason { font-size: 1.1rem; }
.faint, caption, figcaption, dt { color: var(--faint); }
pre { background: var(--soft); border: 1px solid var(--rule); border-radius: 6px; padding: .5rem .7rem; margin: .3rem 0;
  white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--rule); }
thead th { border-bottom-width: 2px; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
.checks td, .checks th { border-bottom: 0; }
.checks thead th, .checks td.number, .checks td.verdict { overflow-wrap: normal; }
.checks tbody tr.row > th { min-width: 7rem; }
.checks tbody tr.row > * { border-top: 1px solid var(--rule); }
.wide th, .wide td { overflow-wrap: break-word; } .wide .number { white-space: nowrap; }
.verdict { font-weight: 600; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .8rem; margin: .2rem 0; }
dt, dd { margin: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
figure { margin: 0; }
figcaption { font-weight: 600; margin-bottom: .2rem; }
svg { max-width: 100%; height: auto; color: var(--ink); }
figure svg { width: 100%; }
.label { fill: var(--ink); } .grid { stroke: var(--rule); } .axis { stroke: var(--faint); }
.band { fill: var(--faint); }
.series.candidate { stroke: var(--now); } .series.baseline { stroke: var(--before); }
.dot.candidate { fill: var(--now); } .dot.baseline { fill: var(--before); }
.strip .zero { stroke: var(--faint); } .strip .limit { stroke: var(--fail); } .strip .beyond { fill: var(--fail); }
.bar.pass, .dot.pass { fill: var(--pass); } .bar.warn, .dot.warn { fill: var(--warn); }
.bar.fail, .dot.fail { fill: var(--fail); } .bar.doubt, .dot.doubt { fill: var(--doubt); }
summary { cursor: pointer; }
@media (max-width: 46rem) {
  .checks thead { display: none; }
  .checks tr.row { display: grid; grid-template-columns: 1fr 1fr; border-top: 1px solid var(--rule); padding: .4rem 0; }
  .checks tr.row > * { border: 0; padding: .1rem .3rem; }
  .checks tr.row > th, .checks td.picture { grid-column: 1 / -1; }
  .checks td.number { text-align: left; }
  .checks td[data-label]::before { content: attr(data-label) " "; color: var(--faint); }
  .checks tr.why, .checks tr.why > td { display: block; }
  .wide { display: block; overflow-x: auto; }
}
@media print { body { max-width: none; padding: 0; font-size: 11px; } details > * { display: block; } figure, tr { break-inside: avoid; } }
)css";

}  // namespace burstgate::report
