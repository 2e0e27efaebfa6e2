#!/bin/sh
# Runs as root in the service "setup" of docker-compose.yml. A secret that Compose mounts keeps the owner and mode that the
# file has on the host: 0600 of whoever ran deploy/prepare, which no other user can read, and a group that may is refused by
# Lair. So each service gets copies of what it needs, owned by its user. A crash leaves some of the copies; the next start
# makes them all again.
set -eu

# Users of the images: Dockerfile, the postgres image, the RustFS image, "proxy" in docker-compose.yml.
lair=10100
postgres=999
s3=10001
proxy=10200

secrets=${SECRETS:-/run/secrets}
given=${GIVEN_TLS:-/setup/tls}
out=${OUT:-/out}

# Copies a file so that only its owner can read it, whole or not at all.
hand_out() { # SOURCE OWNER FOLDER NAME
  install -o "$2" -g "$2" -m 0400 "$1" "$3/.$4.new"
  mv -f "$3/.$4.new" "$3/$4"
}

# A folder that only its owner can open.
own() { # OWNER FOLDER
  chown "$1:$1" "$2"
  chmod 0700 "$2"
}

own "$lair" "$out/lair"
hand_out "$secrets/master-key" "$lair" "$out/lair" master.key
hand_out "$secrets/postgres-password" "$lair" "$out/lair" postgres-password
hand_out "$secrets/s3-access-key" "$lair" "$out/lair" s3-access-key
hand_out "$secrets/s3-secret-key" "$lair" "$out/lair" s3-secret-key

own "$postgres" "$out/postgres"
hand_out "$secrets/postgres-password" "$postgres" "$out/postgres" postgres-password

own "$s3" "$out/s3"
hand_out "$secrets/s3-access-key" "$s3" "$out/s3" s3-access-key
hand_out "$secrets/s3-secret-key" "$s3" "$out/s3" s3-secret-key

own "$proxy" "$out/proxy"
own "$proxy" "$out/tls"

if [ -f "$given/tls.crt" ] && [ -f "$given/tls.key" ]; then
  hand_out "$given/tls.crt" "$proxy" "$out/tls" tls.crt
  hand_out "$given/tls.key" "$proxy" "$out/tls" tls.key
  rm -f "$out/tls/self-made-for"
  echo "setup: the certificate of deploy/tls is used"
  exit 0
fi

host=${PUBLIC_URL#*://}
host=${host%%/*}
case $host in
  \[*) host=${host%%]*} host=${host#[} ;;
  *) host=${host%%:*} ;;
esac
case $host in
  *[!0-9.]* | "") names="DNS:$host,DNS:localhost,IP:127.0.0.1,IP:::1" ;;
  *) names="IP:$host,DNS:localhost,IP:127.0.0.1,IP:::1" ;;
esac
case $host in
  *:*) names="IP:$host,DNS:localhost,IP:127.0.0.1" ;;
esac

# Kept as long as it is good for another month: who trusts it must not be asked again at each start.
if [ "$(cat "$out/tls/self-made-for" 2>/dev/null)" = "$names" ] &&
  openssl x509 -in "$out/tls/tls.crt" -noout -checkend 2592000 >/dev/null 2>&1; then
  echo "setup: the self-made certificate for $names is still good"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=Lair, self-made" \
  -addext "subjectAltName=$names" -addext "basicConstraints=critical,CA:FALSE" \
  -addext "keyUsage=critical,digitalSignature" -addext "extendedKeyUsage=serverAuth" \
  -keyout "$work/tls.key" -out "$work/tls.crt" 2>"$work/log" || {
  cat "$work/log" >&2
  exit 1
}
rm -f "$out/tls/self-made-for"
hand_out "$work/tls.key" "$proxy" "$out/tls" tls.key
hand_out "$work/tls.crt" "$proxy" "$out/tls" tls.crt
printf '%s\n' "$names" >"$out/tls/self-made-for"
chmod 0444 "$out/tls/tls.crt" "$out/tls/self-made-for"
echo "setup: made a certificate for $names; nobody trusts it but who is told to"
