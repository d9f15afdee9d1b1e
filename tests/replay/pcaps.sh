#!/bin/bash
# All cases of pcaps/: the same frames and verdicts, octet for octet, and all within seconds. tests/apps/test_cases.sh has the
# changes that must be noticed.
set -u
"${TAPIR:-${B:-build}/tapir}" test --format tap pcaps
