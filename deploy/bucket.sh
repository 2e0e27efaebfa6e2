#!/bin/sh
# Makes the bucket unless it is there, and tries whether the server refuses to overwrite an object when it is asked not to:
# contents, tiles and checkpoints are written once, and a server that lets a second writer win would break that unseen.
# Needs curl 7.86 or newer; the service "bucket" of docker-compose.yml runs it.
set -eu

access=$(cat "$S3_ACCESS_KEY_FILE")
secret=$(cat "$S3_SECRET_KEY_FILE")
bucket=$S3_ENDPOINT/$S3_BUCKET

# Prints the status of a signed request. The keys go in by standard input: command lines can be read by others.
status() { # BODY CURL_ARGUMENTS...
  digest=$(printf '%s' "$1" | sha256sum | cut -d ' ' -f 1)
  shift
  printf 'user = "%s:%s"\n' "$access" "$secret" |
    curl -sS --config - --aws-sigv4 "aws:amz:$S3_REGION:s3" -H "x-amz-content-sha256: $digest" --max-time 20 \
      -o /dev/null -w '%{http_code}' "$@"
}

fail() {
  echo "bucket: $*" >&2
  exit 1
}

made=$(status "" -X PUT "$bucket")
case $made in
  200) echo "bucket: made $S3_BUCKET" ;;
  409) echo "bucket: $S3_BUCKET is there" ;;
  *) fail "$S3_BUCKET could not be made: the server answers $made" ;;
esac

# Fixed key and content: what is left of an earlier try is what this one writes.
probe=$bucket/.lair-write-once
put() {
  status 'written once' -X PUT -H 'If-None-Match: *' -H 'Content-Type: text/plain' --data-binary 'written once' "$probe"
}
first=$(put)
case $first in
  200 | 412) ;;
  *) fail "a conditional write was answered with $first" ;;
esac
second=$(put)
[ "$second" = 412 ] || fail "this server overwrites in spite of If-None-Match (it answers $second, not 412): Lair needs another"
echo "bucket: conditional writes are honoured"
