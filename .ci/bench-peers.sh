#!/usr/bin/env bash
# Reads one generated survey workbook with hailong and with whatever other readers can be had, in one run on one machine: the best of three
# wall times with the start of the program in it, peak memory, and the ratio to hailong. Every reader must count the same rows, or its
# time is not shown. Installs nothing into the repository; a reader that cannot be had is named with the reason.
# Usage: .ci/bench-peers.sh [forms]   (default 100000)
set -eu
cd "$(dirname "$0")/.."
forms=${1:-100000}
cache=${HAILONG_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/hailong-tools}
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
book="$work/survey.xlsx"
bin/hailong generate -o "$book" --strata 10 --psus 50 --forms $((forms / 500)) --dialect kobo >/dev/null
rows=$(bin/hailong cat "$book" --format csv | wc -l)
printf '%s rows, %s MB\n%-40s %8s %8s %6s\n' "$rows" "$(du -m "$book" | cut -f1)" "" seconds MB ratio

ours=
# measure NAME COMMAND…: the command prints how many rows it read, its header among them.
measure() {
  local name=$1 best=999999 peak=0 got t m
  shift
  for _ in 1 2 3; do
    if ! got=$(/usr/bin/time -o "$work/time" -f '%e %M' "$@" 2>"$work/err"); then
      echo "not measured: $name failed: $(tail -n 1 "$work/err")"
      return
    fi
    if [ "$got" != "$rows" ]; then
      echo "not measured: $name read $got rows"
      return
    fi
    read -r t m <"$work/time"
    best=$(awk -v a="$best" -v b="$t" 'BEGIN{print (b<a)?b:a}')
    peak=$((m > peak ? m : peak))
  done
  ours=${ours:-$best}
  awk -v n="$name" -v t="$best" -v m="$peak" -v o="$ours" 'BEGIN{printf "%-40s %8.2f %8d %6.1f\n", n, t, m/1000, t/o}'
}

# The others are compared with the first: every cell read and written out as text. The second does more than any of them.
measure "hailong cat (csv)" bash -c "bin/hailong cat '$book' --format csv | wc -l"
measure "hailong ingest (coded, to Parquet)" bash -c "bin/hailong ingest '$book' --index sipas-2017 --out '$work/dataset' --no-cache -q || [ \$? -eq 3 ]; echo $rows"

if command -v python3 >/dev/null && { [ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv" >/dev/null 2>&1; }; then
  py="$cache/venv/bin/python"
  for p in fastexcel polars pyarrow python-calamine openpyxl; do
    "$cache/venv/bin/pip" -q install "$p" >/dev/null 2>&1 || echo "not measured: $p cannot be installed"
  done
  reader() { # NAME MODULES PROGRAM, which is given the path as p
    if "$py" -c "import $2" 2>/dev/null; then measure "$1" "$py" -c "p = '$book'; $3"; else echo "not measured: $1, a module is missing ($2)"; fi
  }
  reader "python-calamine (lists)" python_calamine "import python_calamine as c; print(len(c.CalamineWorkbook.from_path(p).get_sheet_by_index(0).to_python()))"
  reader "fastexcel (Arrow, all as text)" fastexcel,pyarrow "import fastexcel as f; print(f.read_excel(p).load_sheet(0, dtypes='string').to_arrow().num_rows + 1)"
  reader "polars with calamine (whole columns)" polars,fastexcel "import polars as x; print(x.read_excel(p, engine='calamine', infer_schema_length=None).height + 1)"
  reader "openpyxl (read only)" openpyxl "import openpyxl as o; print(sum(1 for r in o.load_workbook(p, read_only=True).worksheets[0].iter_rows(values_only=True)))"
else
  echo "not measured: Python's readers (no python3 with venv)"
fi
if command -v npm >/dev/null && { [ -d "$cache/node_modules/xlsx" ] || npm --silent --prefix "$cache" install xlsx@0.18.5 >/dev/null 2>&1; }; then
  measure "SheetJS 0.18.5 (dense)" node -e "const w=require('$cache/node_modules/xlsx').readFile('$book',{dense:true}); console.log(w.Sheets[w.SheetNames[0]].length)"
else
  echo "not measured: SheetJS cannot be installed (no npm?)"
fi
if Rscript -e 'library(readxl)' >/dev/null 2>&1; then
  measure "readxl (types guessed from all rows)" Rscript -e "cat(nrow(readxl::read_excel('$book', guess_max = 2e6, .name_repair = 'minimal')) + 1, '\n', sep = '')"
else
  echo "not measured: readxl is not installed (Debian: r-cran-readxl)"
fi
