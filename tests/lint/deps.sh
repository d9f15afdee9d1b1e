#!/bin/bash
# `make deps deps-test` in one call: both need apt-get, which fails while another one has the lock of the package lists. It is
# tried with an apt-get that does the same and installs nothing. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
printf '#!/bin/sh\nexit 0\n' >"$work/dpkg-query"
printf '#!/bin/sh\necho 0\n' >"$work/id"
cat >"$work/apt-get" <<'SH'
#!/bin/sh
here=${0%/*}
mkdir "$here/lock" || { echo "E: Could not get lock"; exit 100; }
echo "$*" >>"$here/calls"
sleep 0.5
rmdir "$here/lock"
SH
chmod +x "$work/dpkg-query" "$work/id" "$work/apt-get"
PATH=$work:$PATH make -j2 deps deps-test >"$work/out" 2>&1
status=$?
calls=$(grep -c '' "$work/calls")
if [ $status = 0 ] && [ "$calls" = 4 ]; then echo "ok 1 - one apt-get after the other"; else
    echo "not ok 1 - one apt-get after the other"
    sed 's/^/# /' "$work/out"
fi
echo "1..1"
