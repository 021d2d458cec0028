#!/usr/bin/env bash
# Reads one generated survey workbook with hailong and with whatever other readers can be had, in one run on one machine, and prints
# seconds and the ratio to hailong. Installs nothing into the repository; a reader that cannot be had is named.
# Usage: .ci/bench-peers.sh [forms]   (default 100000)
set -eu
cd "$(dirname "$0")/.."
forms=${1:-100000}
cache=${HAILONG_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/hailong-tools}
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin/hailong generate -o "$work/survey.xlsx" --strata 10 --psus 50 --forms $((forms / 500)) --dialect kobo
ls -l "$work/survey.xlsx" | awk '{printf "%s forms, %.1f MB\n", "'"$forms"'", $5/1e6}'

best() { # command…: the best wall time of three
  local best=999999 t
  for _ in 1 2 3; do
    t=$( { /usr/bin/env time -f %e "$@" >/dev/null 2>"$work/err"; } 2>&1; tail -n 1 "$work/err")
    best=$(awk -v a="$best" -v b="$t" 'BEGIN{print (b<a)?b:a}')
  done
  echo "$best"
}
ours=$(best bin/hailong cat "$work/survey.xlsx" --format csv --out /dev/null)
printf '%-34s %8s s   1.0\n' "hailong cat (all cells, as csv)" "$ours"
row() { printf '%-34s %8s s   %.1f\n' "$1" "$2" "$(awk -v a="$2" -v b="$ours" 'BEGIN{print a/b}')"; }

if command -v python3 >/dev/null && { [ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv"; }; then
  for p in fastexcel polars python-calamine openpyxl; do
    "$cache/venv/bin/pip" -q install "$p" >/dev/null 2>&1 || echo "not measured: $p could not be installed"
  done
  py="$cache/venv/bin/python"
  run() { if "$py" -c "import $2" 2>/dev/null; then row "$1" "$(best "$py" -c "$3")"; fi; }
  run "python-calamine (lists)" python_calamine "import python_calamine as c; c.CalamineWorkbook.from_path('$work/survey.xlsx').get_sheet_by_index(0).to_python()"
  run "fastexcel (Arrow)" fastexcel "import fastexcel as f; f.read_excel('$work/survey.xlsx').load_sheet(0, dtypes='string').to_arrow()"
  run "polars (calamine)" polars "import polars as p; p.read_excel('$work/survey.xlsx', engine='calamine', infer_schema_length=None)"
  run "openpyxl (read only)" openpyxl "import openpyxl as o; [None for r in o.load_workbook('$work/survey.xlsx', read_only=True).worksheets[0].iter_rows(values_only=True)]"
else
  echo "not measured: Python's readers (no python3)"
fi
if command -v npm >/dev/null; then
  (cd "$cache" && [ -d node_modules/xlsx ] || npm --silent --prefix "$cache" install xlsx@0.18.5 >/dev/null 2>&1) || true
  if [ -d "$cache/node_modules/xlsx" ]; then
    row "SheetJS (dense)" "$(best node -e "require('$cache/node_modules/xlsx').readFile('$work/survey.xlsx',{dense:true})")"
  else
    echo "not measured: SheetJS could not be installed"
  fi
fi
if Rscript -e 'library(readxl)' >/dev/null 2>&1; then
  row "readxl" "$(best Rscript -e "invisible(readxl::read_excel('$work/survey.xlsx'))")"
else
  echo "not measured: readxl is not installed"
fi
