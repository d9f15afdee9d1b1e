#!/bin/bash
# Every check of this folder is tried on a small clean tree, which it must pass, and on the same tree with one violation
# planted, which it must name by file and line. Prints TAP.
set -u
lint=$(cd "$(dirname "$0")" && pwd)
house=$(cd "$lint/../.." && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
export B=build CC=gcc LC_ALL=C
number=0

# A tree with one file of each sort, as the checks want it.
plant_tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree"/{stack/core,stack/wire,stack/link,tap,apps,tests/lint,pcaps,docs,build}
    cd "$work/tree" || exit 2
    cp "$house/.clang-format" "$house/.clang-tidy" .
    cp "$lint/cppcheck.txt" tests/lint/
    cp "$house/stack/libtapir.map" stack/
    touch README.md LICENSE Makefile
    cat >stack/tapir.h <<'C'
#ifndef TAPIR_H
#define TAPIR_H

/* Gives the double of `number`. */
int tapir_double(int number);

#endif
C
    cat >stack/core/twice.h <<'C'
#ifndef CORE_TWICE_H
#define CORE_TWICE_H

#include "tapir.h"

int twice(int number);

#endif
C
    cat >stack/core/twice.c <<'C'
#include "core/twice.h"

int twice(int number)
{
    return 2 * number;
}

int tapir_double(int number)
{
    return twice(number);
}
C
    cat >stack/link/ether.c <<'C'
/* Takes frames.
 *
 * Lanes: rx -> arp, ip4 */
#include "core/twice.h"

void ether_input(int *lane);

void ether_input(int *lane)
{
    /* LANE_RX LANE_ARP */
    *lane = twice(*lane);
}
C
    cat >stack/pipeline.c <<'C'
void ether_input(int *lane);
void pipeline(int *lane);

void pipeline(int *lane)
{
    ether_input(lane); /* rx -> ip4, arp */
}
C
    mkdir tests/world
    cat >stack/core/settings.def <<'C'
#define SHUT_OPEN "shut|open"
SETTING(DOOR, "door", CHOICE, 0, 0, 1, SHUT_OPEN, ANY, "lets in")
SETTING(DOOR_BELL, "door.bell", CHOICE, 1, 0, 2, "loud|soft|off", NODE, "tells of it")
C
    printf 'const char *orders = "set door open; set door.bell loud";\nconst char *more = "set door.bell off on a";\n' >tests/world/test_door.c
    printf '#ifndef TAP_A_H\n#define TAP_A_H\n\n#include "core/twice.h"\n\n#endif\n' >tap/a.h
    printf '#include "tap/a.h"\n#include "tapir.h"\n\nint main(void)\n{\n    return tapir_double(0);\n}\n' >apps/main.c
}

build() {
    local file objects=()
    for file in $(find stack -name '*.c'); do
        mkdir -p "build/${file%/*}"
        "$CC" -std=c11 -O2 -fPIC -DNDEBUG -Istack -I. -c -o "build/${file%.c}.o" "$file" || exit 2
        objects+=("build/${file%.c}.o")
    done
    "$CC" -shared -Wl,--version-script=stack/libtapir.map -o build/libtapir.so "${objects[@]}" || exit 2
}

say() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# passes CHECK: the clean tree has no finding.
passes() {
    plant_tree
    case $1 in purity | symbols) build ;; esac
    output=$("$lint/$1" 2>&1)
    local status=$?
    say $status "$1 has nothing to say about a clean tree"
    [ $status = 0 ] || sed 's/^/# /' <<<"$output"
}

# catches CHECK PLACE SENTENCE, with commands that plant the violation on stdin: exit 1 and a line that begins with PLACE.
catches() {
    local output status planted
    planted=$(cat)
    plant_tree
    eval "$planted"
    case $1 in purity | symbols) build ;; esac
    output=$("$lint/$1" 2>&1)
    status=$?
    [ "$status" = 1 ] && grep -qF -- "$2" <<<"$output"
    status=$?
    say $status "$1 sees $3"
    [ $status = 0 ] || sed 's/^/# /' <<<"$output"
}

for check in toplevel marks layers conditions lanes settings public sizes headers purity symbols format cppcheck; do
    passes $check
done

catches toplevel 'notes.txt:1:' 'a file that has no place at the top level' <<<'touch notes.txt'
catches toplevel 'LICENSE:1:' 'a missing licence' <<<'rm LICENSE'
catches toplevel 'tests/a.sh:1:' 'a script that cannot be run' <<<'echo "#!/bin/sh" >tests/a.sh'
catches toplevel 'tests/b.sh:1:' 'a sourced file that can be run' <<<'echo x=1 >tests/b.sh; chmod +x tests/b.sh'
catches marks 'tap/a.h:7:' 'a mark of unfinished work' <<<'mark=TO; echo "/* ${mark}DO */" >>tap/a.h'
catches marks 'README.md:' 'a place in the README that nobody filled in' <<<'mark=@@; echo "${mark}OUTPUT@@" >>README.md'
catches layers 'stack/core/twice.c:12:' 'core including wire, at its right' <<<'touch stack/wire/x.h; echo "#include \"wire/x.h\"" >>stack/core/twice.c; '
catches layers 'stack/link/ether.c:13:' 'stack/ including tap/' <<<'echo "#include \"tap/a.h\"" >>stack/link/ether.c'
catches layers 'stack/link/ether.c:13:' 'stack/ including a system header' <<<'echo "#include <time.h>" >>stack/link/ether.c'
catches layers 'tap/a.h:7:' 'tap/ including link/' <<<'touch stack/link/x.h; echo "#include \"link/x.h\"" >>tap/a.h'
catches layers 'apps/main.c:8:' 'apps/ including core/' <<<'echo "#include \"core/twice.h\"" >>apps/main.c'
catches layers 'apps/main.c:8:' 'an include that leads nowhere' <<<'echo "#include \"nowhere.h\"" >>apps/main.c'
catches layers 'stack/extra/a.c:1:' 'a folder without a place in the order' <<<'mkdir stack/extra; echo "#include \"tapir.h\"" >stack/extra/a.c'
catches conditions 'stack/core/twice.c:12:' 'a conditional in stack/' <<<'printf "#ifdef FAST\n#endif\n" >>stack/core/twice.c'
catches conditions 'stack/core/twice.h:9:' 'a second #ifndef in a header' <<<'sed -i "\$a #ifndef OTHER\n#define OTHER\n#endif" stack/core/twice.h'
catches lanes 'stack/pipeline.c:6:' 'a stage whose head names another lane' <<<'sed -i "s/arp, ip4/arp/; s/LANE_ARP//" stack/link/ether.c'
catches lanes 'stack/link/ether.c:1:' 'a stage whose head names no lanes' <<<'sed -i "s/Lanes.*/*\//" stack/link/ether.c'
catches lanes 'stack/link/ether.c:10:' 'a stage that uses a lane beyond those of its head' <<<'sed -i "s/LANE_ARP/LANE_OUT/" stack/link/ether.c'
catches lanes 'stack/pipeline.c:6:' 'a stage that is nowhere' <<<'sed -i "s/ether_input/ether_inptu/" stack/pipeline.c'
catches lanes 'stack/link/ether.c:3:' 'a stage that pipeline.c forgot' <<<'sed -i /rx/d stack/pipeline.c'
catches settings 'stack/core/settings.def:2: no test in tests/world says "set door open"' 'a choice that no test makes' <<<'sed -i s/open/wide/ tests/world/test_door.c'
catches settings 'stack/core/settings.def:3: no test in tests/world says "set door.bell loud"' 'a choice that is but the beginning of another' <<<'sed -i s/loud/louder/ tests/world/test_door.c'
catches public 'stack/tapir.h:6:' 'a public function without a comment' <<<'sed -i "5a int tapir_half(int number);" stack/tapir.h'
catches sizes 'stack/core/twice.c:3:' 'a function of more than 60 lines' <<<'sed -i "4a $(printf "%.s\\\\n" $(seq 60))" stack/core/twice.c'
catches sizes 'tests/long.c:501:' 'a file of more than 500 lines' <<<'seq 501 | sed "s/.*/\/\/ &/" >tests/long.c'
catches sizes 'tap/a.h:161:' 'a header of more than two screens' <<<'seq 161 | sed "s/.*/\/\/ &/" >tap/a.h'
catches headers 'tap/a.h:1: does not compile' 'a header that does not compile alone' <<<'sed -i "4a uint32_t number(void);" tap/a.h'
catches headers 'tap/a.h:1: its include guard' 'an include guard of another name' <<<'sed -i s/TAP_A_H/A_H/ tap/a.h'
catches purity 'stack/core/twice.c:5: needs malloc' 'a call of malloc' <<<'sed -i "s/return 2 \* number/extern void *malloc(unsigned long); return malloc(4) != 0/" stack/core/twice.c'
catches purity 'stack/core/twice.c:2:' 'a global that can be written' <<<'sed -i "2i int calls;" stack/core/twice.c'
catches purity 'stack/core/twice.c:5:' 'a static variable that can be written' <<<'sed -i "s/return 2 \* number/static int calls = 1; return calls++ + number/" stack/core/twice.c'
catches symbols 'shows twice' 'a library that shows a private name' <<<'sed -i "s/tapir_\*;/tapir_*; twice;/" stack/libtapir.map'
catches symbols 'stack/tapir.h:6: tapir_half' 'a public function that nobody wrote' <<<'sed -i "5a int tapir_half(int number);" stack/tapir.h'
catches format 'stack/core/twice.c:5:' 'a line that clang-format would lay out otherwise' <<<'sed -i "s/return 2 \* number/return  2*number/" stack/core/twice.c'
catches cppcheck 'stack/core/twice.c:5:' 'an index beyond its array' <<<'sed -i "s/return 2 \* number/int a[2] = {0}; return a[2] + number/" stack/core/twice.c'

# A row with a MUST, one that is put off, and a test of each form.
plant_rows() {
    mkdir -p tests/conformance tests/live
    printf '= 1. A\n%s\n%s\n' 'A-1 | MUST | It echoes. | RFC 1 | on |' 'A-2 | MUST | It waits. | RFC 1 | | until B' >tests/conformance/rows
    printf '%s\n' '/* " (A-9)" */' 'a = {.sentence = "it " /* x */' '"echoes", .ids = "A-1"};' 'b = {"loudly (A-1, A-2)", 1};' \
        'c[] = {PROVES("A-1", for_ever)};' >tests/a.c
    printf 'ok "in truth (A-1)" true\n' >tests/live/a.sh
    "$house/tests/conformance/generate" >docs/conformance.md
}
names_wrong() { catches conformance "$@" <<<"$(declare -f plant_rows); plant_rows; $(cat); $house/tests/conformance/generate >docs/conformance.md 2>/dev/null"; }
passes conformance
plant_tree
plant_rows
"$lint/conformance" >build/said && grep -q '^| A-1 .*| `a.c`: it echoes; loudly (and 2 more) | proved |$' docs/conformance.md &&
    grep -q '^| A-2 .*| proved in part, the rest put off until B |$' docs/conformance.md
say $? 'conformance reads the names of every form of test'
names_wrong 'tests/conformance/rows:2: A-1' 'a MUST without a test' <<<'rm -r tests/a.c tests/live'
names_wrong 'tests/a.c:5: A-3' 'a test that names no row' <<<'sed -i "s/PROVES(.A-1/PROVES(\"A-3/" tests/a.c'
names_wrong 'tests/live/a.sh:1: A-3' 'a shell test that names no row' <<<'sed -i "s/A-1/A-3/" tests/live/a.sh'
names_wrong 'tests/a.c:4: names 3' 'a test that names three rows' <<<'sed -i "s/A-1, A-2/A-1, A-2, A-1/" tests/a.c'
names_wrong 'tests/conformance/rows:3: put off' 'a row put off for ever' <<<'sed -i "s/until B/later/" tests/conformance/rows'
names_wrong 'tests/conformance/rows:4: A-1 stands' 'a row that stands twice' <<<'sed -n 2p tests/conformance/rows >>tests/conformance/rows'
catches conformance 'docs/conformance.md:' 'a page that is not what the tests say' <<<"$(declare -f plant_rows); plant_rows; sed -i s/echoes/sings/ tests/a.c"

# A table of two verdicts, and what tests noted of them.
verdicts() {
    mkdir -p stack/core
    printf '/* a, "b" */\nVERDICT(A, "a-one", REFUSED, NOTHING, "-", "the \\"first\\" one")\nVERDICT(B, "b-two", PASSED, NOTHING, "-", "x")\n' \
        >stack/core/verdict.def
    printf '%s\n' "$@" >build/verdicts
    output=$(TAPIR_VERDICTS=build/verdicts "$lint/verdicts.sh" 2>&1)
}
plant_tree
verdicts a-one b-two a-one
say $? 'verdicts.sh is content when every verdict was reached'
verdicts b-two
[ $? = 1 ] && grep -q 'stack/core/verdict.def:2:.*a-one' <<<"$output"
say $? 'verdicts.sh sees a verdict that no test reaches'
verdicts a-one b-two c-three
[ $? = 1 ] && grep -q 'c-three' <<<"$output"
say $? 'verdicts.sh sees a verdict without a row'
: >build/nothing
! TAPIR_VERDICTS=build/nothing "$lint/verdicts.sh" >build/said 2>&1 && grep -q 'no verdict was noted' build/said
say $? 'verdicts.sh wants to see at least one verdict'

# clang-tidy runs by make with stamps, so it gets the house's Makefile; its findings come back until they are mended.
tidy() {
    cp "$house/Makefile" . && cp "$house/tests/tests.mk" tests/
    output=$("$lint/tidy" 2>&1)
}
plant_tree
tidy
status=$?
say $status 'tidy has nothing to say about a clean tree'
[ $status = 0 ] || sed 's/^/# /' <<<"$output"
plant_tree
sed -i 's/return 2 \* number/return number > 1 ? 2 : 2/' stack/core/twice.c
tidy || tidy
[ $? = 1 ] && grep -q 'stack/core/twice.c:5:' <<<"$output"
say $? 'tidy sees a condition that changes nothing, and sees it again'
echo "1..$number"
