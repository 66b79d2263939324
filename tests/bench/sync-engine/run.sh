#!/bin/sh
# Measures Supabase's sync engine, pinned, against a list server and a PostgreSQL of its own.
# usage: run.sh http://127.0.0.1:PORT    prints objects a second; nothing, and why, if it cannot
set -eu
cd "$(dirname "$0")"

skip() {
  echo "sync engine skipped: $1" >&2
  exit 0
}

for folder in /usr/lib/postgresql/*/bin; do
  PATH=$PATH:$folder
done
command -v initdb >/dev/null && command -v postgres >/dev/null || skip "no PostgreSQL"
major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$major" -ge 20 ] || skip "no Node 20"
if ! grep -qs '"version": "0.48.5"' node_modules/@supabase/stripe-sync-engine/package.json; then
  npm ci --prefer-offline --no-audit --no-fund --ignore-scripts >&2 || skip "npm has no packages"
fi

data=$(mktemp -d)
as=
if [ "$(id -u)" = 0 ]; then
  as="runuser -u postgres --" # PostgreSQL does not run as root
  chown postgres "$data"
fi
stop() {
  $as "$(command -v pg_ctl)" -D "$data/db" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$data"
}
trap stop EXIT INT TERM
cd "$data"
$as "$(command -v initdb)" -D "$data/db" -U postgres -A trust >/dev/null 2>&1 || skip "initdb fails"
$as "$(command -v pg_ctl)" -D "$data/db" -w -l "$data/log" \
  -o "-k '$data' -c listen_addresses=''" start >/dev/null || skip "PostgreSQL does not start"
cd - >/dev/null
node sync.mjs "$1" "$data"
