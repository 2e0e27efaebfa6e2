#!/bin/sh
# Makes the AOT cache (JEP 514) of an extracted server: runs it once, has it do what a young registry does, and lets the
# JVM write down on exit which classes it used and what it learned of them. Needs no network and no database. Run it with
# the JVM, the paths and the options that will run the server: a cache for another one is ignored.
# Usage: train.sh FOLDER [CLIENT_JAR WASM_FILE]
set -eu

folder=$1
client=${2:-}
wasm=${3:-}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
server=

finish() {
  [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

fail() {
  echo "train.sh: $*" >&2
  cat "$work/log" >&2
  exit 1
}

rm -f "$folder/lair.aot"
"$java" -XX:AOTCacheOutput="$folder/lair.aot" -Xlog:aot=error -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
  "-Dorg.sqlite.lib.path=$folder/native" -jar "$folder/lair-server.jar" \
  serve --data "$work/data" --address 127.0.0.1 --port 0 --namespace training --set lair.metrics.port=0 >"$work/log" 2>&1 &
server=$!

tries=0
until "$java" -jar "$folder/lair-server.jar" health --data "$work/data" >/dev/null 2>&1; do
  kill -0 "$server" 2>/dev/null || fail "the server ended"
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || fail "the server is not ready after $tries looks"
  sleep 0.5
done

if [ -n "$client" ]; then
  export LAIR_HOME="$work/client"
  LAIR_REGISTRY=$(cat "$work/data/server.url")
  export LAIR_REGISTRY
  for command in "key new" "publish $wasm --package training:cache --version 1.0.0" "pull training:cache -o $work/copy.wasm" \
    "verify training:cache@1.0.0" "log training:cache"; do
    # shellcheck disable=SC2086 # a command line of ours, without blanks in its words
    "$java" -jar "$client" $command >>"$work/log" 2>&1 || fail "lair $command"
  done
fi

# The cache is written between the signal and the end of the process.
kill -TERM "$server"
wait "$server" || true
server=
[ -s "$folder/lair.aot" ] || fail "no cache was written"
