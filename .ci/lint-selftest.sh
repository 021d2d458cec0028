#!/usr/bin/env bash
# A layer rule that cannot fail is no rule: plants one forbidden import a room, one at a time, in a copy of the tree, and
# fails if the linter does not name it.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
git ls-files -z --cached --others --exclude-standard -- '*.go' go.mod go.sum .golangci.yml '*.sql' '*.yaml' '*.csv' '*.tsv' 'analytics/**' 'ingest/**' 'reports/**' | sort -zu |
  xargs -0 -I{} sh -c '[ -f "{}" ] && printf "%s\0" "{}"' | tar --null -T - -cf - | tar -xf - -C "$tmp"
cp -r .ci "$tmp/.ci"
lint="${GO:-go} tool -modfile=$root/.ci/golangci-lint.mod golangci-lint"
cd "$tmp"
git init -q . # golangci-lint finds the root of the module from here
plant() { # folder, package name, forbidden import
  printf 'package %s\n\nimport _ "%s"\n' "$2" "$3" >"$1/zz_planted.go"
  if $lint run --enable-only depguard "./$1/" 2>&1 | grep -q "zz_planted.go.*$3"; then
    echo "caught: $1 imports $3"
  else
    echo "NOT caught: $1 imports $3" >&2
    exit 1
  fi
  rm "$1/zz_planted.go"
}
plant ingest/layout layout hailong/analytics/survey
plant ingest/dataset dataset github.com/xuri/excelize/v2
plant analytics/survey survey hailong/ingest/xlsx
plant analytics/placement placement github.com/duckdb/duckdb-go/v2
plant analytics/result result hailong/analytics/survey
plant reports/workbook workbook hailong/analytics/survey
plant reports reports github.com/xuri/excelize/v2
plant cmd/hailong main github.com/duckdb/duckdb-go/v2
plant analytics analytics github.com/trinodb/trino-go-client/trino
