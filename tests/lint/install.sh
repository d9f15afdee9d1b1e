#!/bin/bash
# `make install` into an empty place, a program built against what lies there by pkg-config alone, and `make uninstall`,
# after which no file is left. So is the example of docs/testing.md, with libtapir-test. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
number=0
try() {
    local sentence=$1
    shift
    number=$((number + 1))
    if "$@" >"$work/log" 2>&1; then echo "ok $number - $sentence"; else echo "not ok $number - $sentence"; sed 's/^/# /' "$work/log"; fi
}
into() { make -s B=build DESTDIR="$work/root" PREFIX=/opt/tapir "$@"; }
nothing_left() { [ -z "$(find "$work/root" ! -type d)" ] && [ ! -e "$work/root/opt/tapir/include/tapir" ]; }

cat >"$work/hello.c" <<'C'
#include <stdio.h>
#include <string.h>
#include <tapir.h>

int main(void)
{
    puts(tapir_fate(TAPIR_IP4_TTL)->name);
    return strcmp(tapir_fate(TAPIR_IP4_TTL)->name, "ip4-ttl") != 0;
}
C
export PKG_CONFIG_PATH="$work/root/opt/tapir/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$work/root"
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
build() { cc -std=c11 -Wall -Wextra -Wpedantic -Werror -o "$work/hello.$1" "$work/hello.c" $(pkg-config --cflags tapir) $2; }

try 'installs below DESTDIR and PREFIX' into install
try 'a program is built with the shared library, by pkg-config' build shared "$(pkg-config --libs tapir)"
try 'it runs' env LD_LIBRARY_PATH="$work/root/opt/tapir/lib" "$work/hello.shared"
try 'a program is built with the static library' build static "$work/root/opt/tapir/lib/libtapir.a"
try 'it runs without any library beside it' "$work/hello.static"
try 'the installed tapir says its version' "$work/root/opt/tapir/bin/tapir" --version

# The example of docs/testing.md, as a user has it; then one frame of it spoilt, for what a failing assert reports.
example() { cp -r docs/examples/test "$work/example" && make -s -C "$work/example" test; }
spoilt() {
    sed -i 's/expected\[22\] = 0x3f/expected[22] = 0x40/' "$work/example/test_network.c"
    ! make -s -C "$work/example" test >"$work/spoilt" 2>&1 &&
        grep -q 'wan, IPv4 TTL: expected 64, got 63' "$work/spoilt" &&
        grep -q "test_network.c:$(grep -n assert_frame_matches "$work/example/test_network.c" | cut -d : -f 1): error: Failure" "$work/spoilt"
}
private() { [ -z "$(nm -g --defined-only "$work/root/opt/tapir/lib/libtapir-test.a" | awk 'NF == 3 { print $3 }' | grep -v '^tapir_')" ]; }
try 'the example of libtapir-test is built by pkg-config, and passes' example
try 'a frame that differs is told by its fields, and by the line of the assert' spoilt
try 'libtapir-test.a shows no name that does not begin with tapir_' private
try 'uninstalls' into uninstall
try 'nothing is left' nothing_left
echo "1..$number"
