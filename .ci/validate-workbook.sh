#!/usr/bin/env bash
# Holds the sample workbook, Vietnamese and English, to what `make test` cannot: the OOXML schema, a second reader, LibreOffice's own recalculation under two
# locales, the printed pages, the look of the overview, and the HTML copy on a phone. A tool that cannot be had is named ("not checked: …") and does
# not fail; a check that runs and fails does. The tools from npm live in $HAILONG_TOOLS, outside the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
plan=samples/tra-vinh-2020/plan.yaml
vi=samples/tra-vinh-2020/out/sipas-tra-vinh-2020.xlsx
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HAILONG_TOOLS=${HAILONG_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/hailong-tools}
failed=0
not_checked() { echo "not checked: $*"; }
check() { # check WHAT COMMAND…
  local what=$1 log=$work/log
  shift
  if "$@" >"$log" 2>&1; then
    echo "ok: $what"
    grep -E 'office_test.go|picture_test.go|read by SheetJS' "$log" | sed 's/^ */    /' || true
  else
    echo "FAILED: $what" >&2
    sed 's/^/    /' "$log" >&2
    failed=1
  fi
}

# Exit 3 (written, but problems were found) is the right answer for the sample's planted defects.
make_books() { "$@" --quiet 2>/dev/null || [ $? -eq 3 ] || { echo "validate: hailong could not write the sample" >&2; exit 1; }; }
[ -x bin/hailong ] || make build
[ -f "$vi" ] || make_books bin/hailong run "$plan"
make_books bin/hailong run "$plan" --lang en --format xlsx,html --dataset "$work/ds" --out "$work/sample-en.xlsx"
make_books bin/hailong run "$plan" --lang vi --format html --dataset "$work/ds" --out "$work/sample-vi.xlsx"

books() { # books WHAT TEST: one Go test over both workbooks, built once
  check "$1 (vi)" env HAILONG_WORKBOOK="$vi" "$work/reports.test" -test.run "^$2\$" -test.v
  check "$1 (en)" env HAILONG_WORKBOOK="$work/sample-en.xlsx" "$work/reports.test" -test.run "^$2\$" -test.v
}
go test -c -o "$work/reports.test" ./reports
# The tests find their files beside themselves.
cd reports
vi=../$vi
books "linter" TestNamedWorkbook
if command -v soffice >/dev/null; then
  books "recalculation under en-US and vi-VN" TestNamedRecalculation
  if command -v pdftotext >/dev/null && command -v pdftoppm >/dev/null; then
    check "pages, font sizes and look of the overview (vi)" env HAILONG_WORKBOOK="$vi" HAILONG_PICTURE=workbook/testdata/overview.png "$work/reports.test" -test.run '^TestNamedPages$' -test.v
    check "pages and font sizes (en)" env HAILONG_WORKBOOK="$work/sample-en.xlsx" "$work/reports.test" -test.run '^TestNamedPages$' -test.v
  else
    not_checked "pages, font sizes and look of the overview (poppler-utils is not installed)"
  fi
else
  not_checked "recalculation, pages, font sizes and look (LibreOffice is not installed)"
fi

if ! command -v npm >/dev/null; then
  not_checked "OOXML schema and read-back by SheetJS (npm is not installed)"
elif ! testdata/check-workbook.sh >"$work/npm.log" 2>&1; then
  not_checked "OOXML schema and read-back by SheetJS (npm could not install the validator: $(tail -n 1 "$work/npm.log"))"
else
  check "OOXML schema and read-back by SheetJS (vi)" testdata/check-workbook.sh "$vi"
  check "OOXML schema and read-back by SheetJS (en)" testdata/check-workbook.sh "$work/sample-en.xlsx"
fi

browser=
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && browser=$name && break
done
if [ -n "$browser" ]; then
  for lang in vi en; do
    check "HTML copy on a phone 390 pixels wide ($lang)" testdata/check-page.sh "$browser" "$work/sample-$lang.html"
  done
else
  not_checked "HTML copy on a phone (chromium is not installed)"
fi
exit "$failed"
