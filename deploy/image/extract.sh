#!/bin/sh
# Takes the server jar apart into FOLDER: the application's own jar, lib/ beside it, and SQLite's native library, which
# would otherwise be unpacked to /tmp at each start (a read-only container has none that may hold code).
# Usage: extract.sh SERVER_JAR FOLDER
set -eu

jar=$1
folder=$2
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

"${bin}java" -Djarmode=tools -jar "$jar" extract --destination "$folder"
folder=$(cd "$folder" && pwd)
name=$(basename "$jar")
[ "$name" = lair-server.jar ] || mv "$folder/$name" "$folder/lair-server.jar"

sqlite=$(ls "$folder"/lib/sqlite-jdbc-*.jar)
native=org/sqlite/native/Linux/$(uname -m)
mkdir -p "$folder/native"
cd "$folder/native"
"${bin}jar" -xf "$sqlite" "$native/libsqlitejdbc.so"
mv "$native/libsqlitejdbc.so" .
rm -r org
