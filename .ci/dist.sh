#!/usr/bin/env bash
# `make dist`: one release archive for the platform it runs on, in dist/, with its SHA-256 beside it. cgo (DuckDB) means a native build each.
# The same commit and tools give the same bytes: trimmed paths, no build id, no clock, sorted entries with the commit's time.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}
VERSION=${VERSION:?the version to stamp}
os=$($GO env GOOS) arch=$($GO env GOARCH)
name=hailong-$VERSION-$os-$arch
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1577836800)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As static as is sound. glibc stays dynamic, for DuckDB loads libraries at run time and a static glibc cannot; any Linux as new as the one
# built on will do. libstdc++ and libgcc go in: -lstdc++ takes the archive because it is the only one in the first folder searched.
program=hailong extld=
case $os in
linux)
  mkdir "$work/lib"
  ln -s "$(${CC:-gcc} -print-file-name=libstdc++.a)" "$work/lib/libstdc++.a"
  extld="-static-libgcc -L$work/lib"
  ;;
windows)
  program=hailong.exe
  extld="-static"
  ;;
esac
folder=$work/$name
mkdir "$folder"
CGO_ENABLED=1 $GO build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=$VERSION -extldflags '$extld'" -o "$folder/$program" ./cmd/hailong
cp LICENSE README.md README.vi.md CHANGELOG.md "$folder"
cp cmd/hailong/manual/manual.*.md "$folder"
GO="$GO" .ci/licences.sh >"$folder/THIRD_PARTY_LICENSES"
chmod -R u=rwX,go=rX "$folder"
"$folder/$program" version

mkdir -p dist
if [ "$os" = windows ]; then
  archive=$name.zip
  find "$folder" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  rm -f "dist/$archive"
  out=$PWD/dist/$archive
  (cd "$work" && TZ=UTC 7z a -tzip -mx=9 -bd "$out" "$name" >/dev/null)
else
  archive=$name.tar.gz
  tar=$(command -v gtar || command -v tar) # macOS: brew's GNU tar
  "$tar" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | gzip -9n >"$work/$archive"
  mv "$work/$archive" "dist/$archive"
fi
cd dist
if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi | tee "$archive.sha256"
