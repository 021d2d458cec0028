#!/usr/bin/env bash
# How time, memory and spill grow with the number of forms (22 answers each): prints one row of growth.md a size.
# Usage: .ci/growth.sh [SIZE…]   (default 1e5 1e6 1e7 1e8). Beyond 1e7 the ten files of that size are given several times: generating more would take
# longer than analysing it.
# With HAILONG_TEST_ENGINE=trino://… the same through a server.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/hailong" ./cmd/hailong
go test -c -o "$work/analytics.test" ./analytics
echo "| forms | answers | seconds | CPU seconds | peak memory | spilled |"
echo "|---|---|---|---|---|---|"
[ $# -gt 0 ] || set -- 1e5 1e6 1e7 1e8
for size in "$@"; do
  forms=$(printf '%.0f' "$size")
  # 24 strata of 100 communes; files of at most a million forms, as many as a sheet holds, each from a seed of its own.
  files=$(((forms + 999999) / 1000000))
  mkdir "$work/data"
  for ((i = 0; i < files; i++)); do
    if ((i < 10)); then
      "$work/hailong" generate --out "$work/data/$i.parquet" --strata 24 --psus 100 --forms $(((forms / files + 2399) / 2400)) --seed $((i + 1)) --quiet
    else
      ln "$work/data/$((i % 10)).parquet" "$work/data/$i.parquet"
    fi
  done
  (cd analytics && HAILONG_GROWTH="$work/data/*.parquet" "$work/analytics.test" -test.run '^$' -test.bench Growth -test.benchtime 1x) >"$work/out" || { cat "$work/out" >&2; exit 1; }
  awk '/^BenchmarkGrowth/ {
    for (i = 3; i < NF; i += 2) v[$(i + 1)] = $i
    printf "| %d | %.2g | %.1f | %.1f | %.0f MiB | %.0f MiB |\n", v["valid"], 22 * v["valid"], v["ns/op"] / 1e9, v["cpu-s"], v["peak-MiB"], v["spill-MiB"]
  }' "$work/out"
  rm -rf "$work/data"
done
