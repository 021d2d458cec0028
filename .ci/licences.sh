#!/usr/bin/env bash
# Prints THIRD_PARTY_LICENSES: every module that is linked into hailong on this platform, with its version and the licence and notice
# files it carries, and Go's own. Fails where a module has none, so that nothing is shipped without its terms.
# A script and not google/go-licenses: its last version that the module proxy serves (v1.6.0) is older than this Go.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
GO=${GO:-go}

# Modules that state their licence elsewhere than in a file of their own at the version we use: module, file, pattern.
elsewhere() {
  case $1 in
  github.com/JohnCGriffin/overflow) echo "README.md" ;;
  esac
}

echo "hailong contains the following works of others, each under its own licence."
rule() { printf '\n%s\n%s\n' "$(printf '=%.0s' {1..80})" "$1"; }
rule "Go standard library $($GO env GOVERSION)"
cat "$($GO env GOROOT)/LICENSE"
$GO list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}|{{.Version}}|{{.Dir}}{{end}}{{end}}' ./cmd/hailong | sort -u | while IFS='|' read -r path version dir; do
  [ -n "$path" ] || continue
  texts=$(cd "$dir" && find . -maxdepth 1 -type f | grep -iE '^\./(licen[cs]e|copying|notice|copyright)' | sort || true)
  [ -n "$texts" ] || texts=$(elsewhere "$path")
  [ -n "$texts" ] || { echo "licences: $path $version has no licence file" >&2; exit 1; }
  rule "$path $version"
  while read -r text; do
    printf -- '-- %s\n' "${text#./}"
    tr -d '\r' <"$dir/$text"
    echo
  done <<<"$texts"
done
