#!/bin/bash
# Holds that every row of stack/core/verdict.def is reached by a test: reads the names that the benches noted in the file
# $TAPIR_VERDICTS while all programs ran, prints each verdict that none of them reached, and fails if there is one.
set -u
table=stack/core/verdict.def
reached=${TAPIR_VERDICTS:-${B:-build/test}/verdicts}
if [ ! -s "$reached" ]; then
    echo "$reached: no verdict was noted; run it by 'make test-unit'" >&2
    exit 2
fi

awk -F'"' -v table="$table" '
    NR == FNR { seen[$1] = 1; next }
    /^VERDICT\(/ {
        rows++
        known[$2] = 1
        if (!($2 in seen)) {
            printf "%s:%d: no test reaches the verdict %s; write one, or remove the row\n", table, FNR, $2
            missing++
        }
    }
    END {
        for (name in seen)
            if (!(name in known)) {
                printf "%s: %s was reached, but has no row\n", table, name
                missing++
            }
        if (rows == 0) {
            print table ": no rows found"
            exit 2
        }
        exit missing > 0
    }' "$reached" "$table"
status=$?
if [ "$status" = 0 ]; then
    echo "ok 1 - every verdict is reached by a test"
else
    echo "not ok 1 - every verdict is reached by a test"
fi
echo "1..1"
exit "$status"
