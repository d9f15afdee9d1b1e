#!/bin/bash
# The captures that go into the cases of pcaps/ are those that pcaps/make makes.
set -u
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
if ! command -v python3 >/dev/null; then
    echo "ok 1 - the inputs are those that pcaps/make makes # SKIP no python3"
elif cp -r pcaps "$dir/made" && "$dir/made/make" >"$dir/messages" && diff -r pcaps "$dir/made"; then
    echo "ok 1 - the inputs are those that pcaps/make makes"
else
    echo "not ok 1 - the inputs are those that pcaps/make makes"
fi
echo "1..1"
