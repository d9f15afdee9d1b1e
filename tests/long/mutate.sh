#!/bin/bash
# Do the tests notice small changes of stack/? At least 95 in 100, see tests/mutate/run. SEED and N are heeded.
cd "$(dirname "$0")/../.." || exit 2
echo 1..1
if LIMIT=1200 tests/mutate/run | sed 's/^/# /'; [ "${PIPESTATUS[0]}" = 0 ]; then
    echo "ok 1 - small changes of stack/ are noticed"
else
    echo "not ok 1 - small changes of stack/ are noticed"
    exit 1
fi
