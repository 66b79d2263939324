#!/bin/bash
# usage: offline-story.sh     (inside session.sh, retainerctl in PATH)
#
# What Retainer is about, on the terminal: draft with Stripe out of reach, sync, lose the local
# replica, have everything back. Fails if one step does not end as it must.
set -euo pipefail

tell ()
{
  printf '\n%s\n' "$bold# $*$plain"
}

show () # COMMAND...
{
  # Quoted where a shell needs it.
  printf '\n%s\n' "$bold\$ ${*@Q}$plain" | sed "s/'\([[:alnum:]:./=_-]*\)'/\1/g"
}

try () # EXIT-STATUS COMMAND...
{
  local wanted=$1 status=0

  shift
  show "$@"
  "$@" 2>&1 | sed 's/^/  /' || status=$?
  [ "$status" = "$wanted" ] || { echo "ended with $status instead of $wanted" >&2; exit 1; }
  [ "$status" = 0 ] || echo "  (exit status $status)"
}

names () # product or coupon
{
  retainerctl --json "$1" list | python3 -c '
import json, sys
print(*sorted(x["name"] for x in json.load(sys.stdin)), sep=", ")'
}

queued ()
{
  retainerctl --json outbox list | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
}

expect () # WHAT WANTED FOUND
{
  [ "$2" = "$3" ] || { printf '%s: expected "%s", found "%s"\n' "$@" >&2; exit 1; }
}

bold= plain=
if [ -t 1 ]; then
  bold=$'\e[1m' plain=$'\e[0m'
fi

tell 'An account on the built-in practice Stripe: no key, no network.'
try 0 retainerctl account add --name Practice --practice

tell 'Stripe is out of reach from here on. Everything can be drafted all the same.'
show export RETAINER_API_BASE=http://127.0.0.1:9
export RETAINER_API_BASE=http://127.0.0.1:9
try 0 retainerctl product create --name Receptionist --model base --amount 49 --currency usd \
  --period month
try 0 retainerctl product create --name 'Voice agent' --model base --amount 99 --currency usd \
  --metric minutes --included 1000 --overage 0.05
try 0 retainerctl product create --name 'Chat agent' --model usage --amount 0.02 --currency usd \
  --metric conversations
try 0 retainerctl product create --name Setup --model one-time --amount 500 --currency usd
try 0 retainerctl coupon create --name Welcome --percent 20 --duration months --months 3
try 0 retainerctl product list
try 0 retainerctl outbox list
products=$(names product) coupons=$(names coupon)
expect products 'Chat agent, Receptionist, Setup, Voice agent' "$products"
expect 'queued changes' 5 "$(queued)"

tell 'A sync says that Stripe cannot be reached, and keeps everything queued.'
try 4 retainerctl sync
expect 'queued changes' 5 "$(queued)"

tell 'Stripe can be reached again: the queue drains.'
show unset RETAINER_API_BASE
unset RETAINER_API_BASE
try 0 retainerctl sync
try 0 retainerctl outbox list
try 0 retainerctl product list
expect 'queued changes' 0 "$(queued)"

tell 'The local replica is lost.'
cd "$XDG_DATA_HOME/retainer"
try 0 rm *.db*

tell 'The next sync brings everything back from Stripe.'
try 0 retainerctl sync
try 0 retainerctl product list
try 0 retainerctl coupon list
expect products "$products" "$(names product)"
expect coupons "$coupons" "$(names coupon)"
try 0 retainerctl check
