#!/usr/bin/env bash
# A Trino cluster on this machine for tests: one coordinator and two workers on loopback, reading the whole local file system.
# Usage: .ci/cluster.sh up | down | test
# Exit 0: done; 1: failed; 75: the server cannot be had here (no Java 24, no download), which is said and is no failure of hailong's.
set -euo pipefail
cd "$(dirname "$0")/.."
version=476
checksum=cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f
tools=${HAILONG_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/hailong-tools}
server=$tools/trino-server-$version
work=${HAILONG_CLUSTER:-${TMPDIR:-/tmp}/hailong-cluster}
port=${HAILONG_CLUSTER_PORT:-18080}
store=$((port + 10)) # of the object store
store_version=v1.2.0
nodes="coordinator worker1 worker2"
export HAILONG_CLUSTER_URL=trino://hailong@127.0.0.1:$port/hive/hailong

cannot() { echo "not checked: the cluster ($*)" >&2; exit 75; }

java_home() { # a Java that the server runs on
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -x "$home/bin/java" ] || continue
    "$home/bin/java" -version 2>&1 | grep -qE 'version "(2[4-9]|[3-9][0-9])' && { echo "$home"; return; }
  done
  return 1
}

fetch() { # the server's archive, unpacked; checked against the pinned sum
  [ -x "$server/bin/launcher" ] && return
  command -v mvn >/dev/null || cannot "Maven is not installed"
  local archive=$tools/maven/io/trino/trino-server/$version/trino-server-$version.tar.gz
  mkdir -p "$tools"
  # The archive that Maven may have already is used.
  local known=$HOME/.m2/repository/io/trino/trino-server/$version/trino-server-$version.tar.gz
  if [ -f "$known" ]; then
    archive=$known
  else
    mvn -q -B dependency:get -Dmaven.repo.local="$tools/maven" -Dartifact="io.trino:trino-server:$version:tar.gz" -Dtransitive=false >"$tools/maven.log" 2>&1 ||
      cannot "Maven could not fetch the server: $(grep -m 1 ERROR "$tools/maven.log" || true)"
  fi
  echo "$checksum  $archive" | sha256sum -c --quiet || { echo "cluster: $archive is not the pinned archive" >&2; exit 1; }
  tar xzf "$archive" -C "$tools"
}

configure() { # configure NODE PORT
  local etc=$work/$1/etc
  mkdir -p "$etc/catalog" "$work/$1/data"
  cat >"$etc/config.properties" <<E
coordinator=$([ "$1" = coordinator ] && echo true || echo false)
http-server.http.port=$2
node.internal-address=127.0.0.1
discovery.uri=http://127.0.0.1:$port
plugin.dir=$work/plugin
query.max-memory=1GB
query.max-memory-per-node=350MB
# A query whose worker dies is run again by the others.
retry-policy=QUERY
E
  [ "$1" != coordinator ] || echo "node-scheduler.include-coordinator=false" >>"$etc/config.properties"
  cat >"$etc/catalog/hive.properties" <<E
connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local://$work/metastore
fs.native-local.enabled=true
local.location=/
fs.native-s3.enabled=true
s3.endpoint=http://127.0.0.1:$store
s3.region=us-east-1
s3.path-style-access=true
s3.aws-access-key=hailong
s3.aws-secret-key=hailong-secret
hive.security=allow-all
E
  # What a query that may run again has answered so far, beyond what the coordinator holds.
  printf 'exchange-manager.name=filesystem\nexchange.base-directories=%s\n' "$work/exchange" >"$etc/exchange-manager.properties"
  echo "io.trino=WARN" >"$etc/log.properties"
}

start() { # start NODE
  local home=$work/$1
  (
    cd "$home"
    exec nohup "$java/bin/java" -server -Xmx1G -XX:+UseG1GC -XX:ReservedCodeCacheSize=256M -XX:+ExitOnOutOfMemoryError -Djdk.attach.allowAttachSelf=true \
      --add-modules=jdk.incubator.vector -Dnode.environment=hailong -Dnode.id="$1" -Dnode.data-dir="$home/data" -Dconfig="$home/etc/config.properties" \
      -Dcatalog.config-dir="$home/etc/catalog" -Dlog.levels-file="$home/etc/log.properties" -cp "$server/lib/*" io.trino.server.TrinoServer
  ) >"$home/out.log" 2>&1 </dev/null &
  echo $! >"$home/pid"
}

ask() { # ask SQL: the answer's JSON pages
  local page next
  page=$(curl -sf -H "X-Trino-User: hailong" --data-binary "$1" "http://127.0.0.1:$port/v1/statement") || return 1
  while :; do
    echo "$page"
    next=$(grep -o '"nextUri":"[^"]*"' <<<"$page" | cut -d'"' -f4) || return 0
    page=$(curl -sf "$next") || return 1
  done
}

count() { # count SQL: the number that it answers, 0 where nothing answers
  local pages
  pages=$(ask "$1" 2>/dev/null) || pages=
  grep -o '"data":\[\[[0-9]*' <<<"$pages" | grep -o '[0-9]*$' || echo 0
}

active() { # how many workers the coordinator knows
  count "SELECT count(*) FROM system.runtime.nodes WHERE NOT coordinator AND state = 'active'"
}

wait_for() { # wait_for WORKERS: polls, at most five minutes
  local tries=0
  until [ "$(active)" = "$1" ]; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "cluster: $1 workers did not come up:" >&2; tail -n 20 "$work"/*/out.log >&2; exit 1; }
    sleep 1
  done
}

up() {
  command -v curl >/dev/null || cannot "curl is not installed"
  java=$(java_home) || cannot "no Java 24 or newer is installed"
  fetch
  down
  mkdir -p "$work/plugin" "$work/metastore" "$work/exchange"
  ln -s "$server/plugin/hive" "$server/plugin/exchange-filesystem" "$work/plugin/"
  local node at=$port
  for node in $nodes; do
    configure "$node" "$at"
    start "$node"
    at=$((at + 1))
  done
  wait_for 2
  ask "CREATE SCHEMA IF NOT EXISTS hive.hailong" >/dev/null
  echo "cluster: $HAILONG_CLUSTER_URL"
}

down() {
  local node pid
  for node in $nodes store; do
    [ -f "$work/$node/pid" ] || continue
    pid=$(cat "$work/$node/pid")
    kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}

# run_on ENGINE OUT PLAN: hailong's exit status; 3 (written, but problems were found) is right for the sample's planted defects.
run_on() {
  local status=0
  bin/hailong run "$3" ${1:+--engine "$1"} ${HAILONG_DATASET:+--dataset "$HAILONG_DATASET"} --out "$2/book.xlsx" --quiet >"$2/log" 2>&1 || status=$?
  [ "$status" = 0 ] || [ "$status" = 3 ] || { cat "$2/log" >&2; return "$status"; }
}

start_store() { # an object store in memory; it ends with the cluster
  local binary=$tools/gofakes3
  [ -x "$binary" ] || GOFLAGS= GOBIN=$tools go install "github.com/johannesboyne/gofakes3/cmd/gofakes3@$store_version" >"$tools/gofakes3.log" 2>&1 ||
    { echo "not checked: the object store ($(tail -n 1 "$tools/gofakes3.log"))"; return 1; }
  mkdir -p "$work/store"
  nohup "$binary" -backend memory -host "127.0.0.1:$store" -initialbucket surveys >"$work/store/out.log" 2>&1 </dev/null &
  echo $! >"$work/store/pid"
  local tries=0
  until curl -s -o /dev/null "http://127.0.0.1:$store/"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "cluster: the object store did not come up" >&2; exit 1; }
    sleep 0.1
  done
}

alike() { # alike OURS THEIRS: the same results, byte for byte, the engine's name apart
  cmp <(sed 's/"engine": "trino"/"engine": "duckdb"/' "$1/results.json") "$2/results.json"
}

test_cluster() {
  [ "$(active)" = 2 ] || up
  make -s build
  local out=$work/test
  rm -rf "$out"
  mkdir -p "$out"/{here,there,many-here,many-there}

  echo "cluster: the engine's own tests, R survey's numbers among them"
  HAILONG_TEST_ENGINE=$HAILONG_CLUSTER_URL go test ./analytics/engine -count=1

  echo "cluster: the sample gives DuckDB's bytes, also with a file of another run beside its own"
  run_on "" "$out/here" samples/tra-vinh-2020/plan.yaml
  run_on "" "$out/there" samples/tra-vinh-2020/plan.yaml
  local one
  one=$(find "$out/there" -name '*.parquet' | sort | head -n 1)
  cp "$one" "$(dirname "$one")/stale.parquet"
  rm "$out/there/results.json"
  run_on "$HAILONG_CLUSTER_URL" "$out/there" samples/tra-vinh-2020/plan.yaml
  alike "$out/there" "$out/here"

  local shared=${HAILONG_SHARED:-$PWD/../shared}
  if [ -f "$shared/corpus/real/sfo_2017_derived.xlsx" ]; then
    echo "cluster: a real weighted survey, SFO 2017, gives DuckDB's bytes"
    mkdir "$out"/sfo-{here,there}
    sed -e "s#\.\./\.\./\.\./shared#$shared#; s#index: sfo-2017.yaml#index: $PWD/samples/sfo-2017/sfo-2017.yaml#" samples/sfo-2017/plan.yaml >"$out/sfo.yaml"
    run_on "" "$out/sfo-here" "$out/sfo.yaml"
    run_on "$HAILONG_CLUSTER_URL" "$out/sfo-there" "$out/sfo.yaml"
    alike "$out/sfo-there" "$out/sfo-here"
  else
    echo "not checked: SFO 2017 through the cluster ($shared has no such file)"
  fi

  if start_store; then
    echo "cluster: the dataset goes to an object store and is read there, with the same bytes"
    mkdir "$out/stored"
    (
      export AWS_ENDPOINT_URL=http://127.0.0.1:$store AWS_ACCESS_KEY_ID=hailong AWS_SECRET_ACCESS_KEY=hailong-secret XDG_CACHE_HOME=$out/cache HAILONG_DATASET=s3://surveys/sipas
      run_on "$HAILONG_CLUSTER_URL" "$out/stored" samples/tra-vinh-2020/plan.yaml
    )
    alike "$out/stored" "$out/here"
  fi

  echo "cluster: a worker is killed in the middle of a query"
  bin/hailong generate --out "$out/many.csv" --strata 5 --psus 20 --forms 200 --seed 8 --quiet
  bin/hailong init "$out/many.csv" --out "$out/many.yaml" --quiet 2>/dev/null
  run_on "" "$out/many-here" "$out/many.yaml"
  run_on "$HAILONG_CLUSTER_URL" "$out/many-there" "$out/many.yaml" &
  local run=$! tries=0
  until [ "$(count "SELECT count(*) FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE '%GROUPING SETS%' AND query NOT LIKE '%system.runtime%'")" != 0 ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && kill -0 $run 2>/dev/null || { echo "cluster: no query was seen running: the kill was not tested" >&2; exit 1; }
  done
  kill -9 "$(cat "$work/worker1/pid")"
  local status=0
  wait $run || status=$?
  if [ "$status" = 0 ]; then
    alike "$out/many-there" "$out/many-here"
    echo "cluster: the other worker finished the job, with the same bytes"
  elif [ "$status" = 1 ] && grep -q 'could not answer' "$out/many-there/log" && [ ! -e "$out/many-there/book.xlsx" ] && [ ! -e "$out/many-there/results.json" ]; then
    echo "cluster: the run failed with a message and wrote nothing"
  else
    echo "cluster: exit $status after a worker was killed" >&2
    exit 1
  fi
}

case ${1:-} in
up | down) "$1" ;;
test) test_cluster ;;
*)
  sed -n 2,5p "$0" >&2
  exit 2
  ;;
esac
