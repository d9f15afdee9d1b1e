# How tests, lint, fuzzing and benchmarks are built and run. Part of the Makefile; tests/lint/README.md tells of lint.
#
# A test is found by where it lies: tests/**/test_*.c is a cmocka program. A script (first line #!) in tests/stack, tap,
# apps, world, replay or lint/selftest prints TAP and needs no root; in tests/live it works in namespaces and needs root;
# in tests/long it takes minutes. What a script sources has no #! line. tests/bench/budget and tests/bench/smoke are tests, too.

TEST_C  := $(sort $(shell find tests -name 'test_*.c'))
HELP_C  := $(sort $(wildcard tests/*.c) $(filter-out tests/world/test_%,$(wildcard tests/world/*.c)))
BENCH_C := $(sort $(wildcard tests/bench/bench_*.c))
CONTEND_C := $(sort $(wildcard tests/bench/contend/*.c))
CONTEND := $(B)/tests/bench/contend/contend
FUZZ_C  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
DIFFER_C := tests/live/differ.c tests/live/differ_tell.c tests/live/differ_stimuli.c
HELP_O  := $(HELP_C:%.c=$(B)/%.o)
BENCH_O := $(B)/tests/bench/measure.o $(B)/tests/bench/prefixes.o $(B)/tests/bench/router.o $(B)/tests/bench/scale.o \
           $(B)/tests/bench/plot.o $(B)/tests/dissect.o $(B)/tests/large.o
TESTS   := $(TEST_C:%.c=$(B)/%)
BENCHES := $(BENCH_C:%.c=$(B)/%)

scripts      = $(sort $(shell find $(1) -type f -exec awk 'FNR == 1 && /^\#!/ { print FILENAME }' {} + 2>/dev/null))
UNIT_SCRIPTS = $(call scripts,tests/stack tests/tap tests/apps tests/world tests/replay) tests/bench/budget tests/bench/smoke \
               tests/lint/selftest.sh tests/lint/install.sh tests/lint/deps.sh
LIVE_SCRIPTS = $(call scripts,tests/live)
LONG_SCRIPTS = $(call scripts,tests/long)
CHECKED      = build/test
IN_CHECKED   = B=$(CHECKED) ASSERT=1

FUZZ_SECONDS ?= 20
FUZZ_BUILD   := B=build/fuzz CC=clang ASSERT=1 FUZZ_CFLAGS=-fsanitize=fuzzer-no-link,address,undefined

# One program for each test file; `make build/tests/stack/wire/test_checksum` builds one. All load the rest from one library, which
# they look for in the folders above their own: a copy in each took a third of the time to build them.
$(B)/libtests.so: $(HELP_O) $(PARTS)
	$(call say,LD)$(CC) -shared -Wl,-soname,libtests.so -Wl,-Bsymbolic $(LDFLAGS) -o $@ $(HELP_O) \
	    -Wl,--whole-archive $(PARTS) -Wl,--no-whole-archive -lcmocka $(LIBS)

$(B)/tests/%: $(B)/tests/%.o $(B)/libtests.so
	$(call say,LD)$(CC) $(LDFLAGS) -Wl,-rpath,'$$ORIGIN/..:$$ORIGIN/../..:$$ORIGIN/../../..' -o $@ $< $(B)/libtests.so -lcmocka $(LIBS)

$(BENCHES): $(B)/tests/bench/%: $(B)/tests/bench/%.o $(BENCH_O) $(PARTS)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $< $(BENCH_O) $(PARTS) $(LIBS) -lm

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(HELP_O) $(PARTS)
	$(call say,LD)$(CC) $(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $< $(HELP_O) $(PARTS) -lcmocka $(LIBS)

$(CONTEND): $(CONTEND_C:%.c=$(B)/%.o)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ -luring

$(B)/tests/live/differ: $(DIFFER_C:%.c=$(B)/%.o) $(HELP_O) $(PARTS)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $(DIFFER_C:%.c=$(B)/%.o) $(HELP_O) $(PARTS) -lcmocka $(LIBS)

.PHONY: tests syntax test test-unit test-live test-long test-asan mutate conformance bench bench-live fuzz fuzz-built lint tidy analyze format
tests: $(TESTS) $(B)/tests/live/differ $(CONTEND)

# Only the warnings for all that tests are made of: no code, nothing is written. For a second compiler: make syntax CC=clang
SYNTAX := $(patsubst %,syntax/%,$(TEST_C) $(HELP_C) $(BENCH_C) $(CONTEND_C) $(FUZZ_C) $(DIFFER_C) $(BENCH_O:$(B)/%.o=%.c))
.PHONY: $(sort $(SYNTAX))
syntax: $(sort $(SYNTAX))
$(sort $(SYNTAX)): syntax/%:
	$(call say,SEE)$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(SYSTEM) -fsyntax-only $*

test: ## install what is missing, build with assertions, run all tests (live ones as root)
	$(call install-packages,$(DEPS))
	$(call install-packages,$(DEPS_TEST))
	@$(MAKE) -s all
	@$(MAKE) -s $(IN_CHECKED) all tests $(BENCHES:$(B)/%=$(CHECKED)/%)
	@B=$(CHECKED) tests/run --coverage $(TESTS:$(B)/%=$(CHECKED)/%) $(UNIT_SCRIPTS) $(LIVE_SCRIPTS); status=$$?; $(give-back); exit $$status

test-unit: ## only the cmocka programs: seconds, no root
	@$(MAKE) -s $(IN_CHECKED) tests
	@B=$(CHECKED) tests/run --coverage $(TESTS:$(B)/%=$(CHECKED)/%)

test-live: ## only the tests in network namespaces (as root)
	@$(MAKE) -s $(IN_CHECKED) all $(CHECKED)/tests/live/differ $(CHECKED)/tests/bench/contend/contend
	@B=$(CHECKED) tests/run $(LIVE_SCRIPTS); status=$$?; $(give-back); exit $$status

test-long: ## all tests with TAPIR_LONG=1, those that take minutes, and clang's analyzer (as root)
	@$(MAKE) -s all analyze
	@$(MAKE) -s $(IN_CHECKED) all tests
	@B=$(CHECKED) TAPIR_LONG=1 LIMIT=1800 tests/run --coverage $(TESTS:$(B)/%=$(CHECKED)/%) $(UNIT_SCRIPTS) $(LIVE_SCRIPTS) $(LONG_SCRIPTS); status=$$?; $(give-back); exit $$status

# No WERROR here: gcc sees null and uninitialised values in code that only the sanitizers put there.
test-asan: ## the cmocka programs under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) -s B=build/asan SANITIZE=1 ASSERT=1 WERROR= tests
	@B=build/asan tests/run $(TESTS:$(B)/%=build/asan/%)

mutate: ## break stack/ in N (60) small ways, each drawn by SEED, and see whether a test notices
	@tests/mutate/run

conformance: ## renew docs/conformance.md from tests/conformance/rows and what the tests name
	@tests/conformance/generate >docs/conformance.md

bench: ## run the benchmarks in memory, then (as root) those on devices: tests/bench/README.md; BENCH_FLAGS=--quick
	@$(MAKE) -s $(BENCHES)
	@for b in $(BENCHES); do echo "== $$b"; $$b || exit 1; done
	@if [ "$$(id -u)" = 0 ]; then $(MAKE) -s bench-live; else echo "bench: devices need root, left out; 'sudo make bench'"; fi

bench-live: ## only the benchmarks on devices (as root)
	$(call install-packages,$(DEPS) python3)
	@$(MAKE) -s all $(CONTEND)
	@tests/bench/run --tapir $(B)/tapir --contend $(CONTEND) $(BENCH_FLAGS); status=$$?; $(give-back); exit $$status

fuzz: ## fuzz each of tests/fuzz/fuzz_*.c for FUZZ_SECONDS (20) with clang's libFuzzer
	@$(MAKE) -s $(FUZZ_BUILD) fuzz-built
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run build/fuzz $(FUZZ_C:%.c=build/fuzz/%)

fuzz-built: $(FUZZ_C:%.c=$(B)/%)

# Lint looks at the objects of a release build; stamps below B/tidy remember which files clang-tidy found clean.
lint: $(B)/libtapir.so $(STACK_O) ## check layers, purity, sizes, headers, layout; clang-tidy, cppcheck
	@B=$(B) MAKE="$(MAKE)" CC="$(CC)" tests/lint/run

TIDY_C := $(STACK_C) $(TAP_C) $(APPS_C)
tidy: $(TIDY_C:%.c=$(B)/tidy/%.ok)
$(B)/tidy/%.ok: $(B)/%.o .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet --warnings-as-errors='*' --checks='-clang-analyzer-*' $*.c -- -std=c11 -Istack -I. $(SYSTEM) \
	    >$@.log 2>/dev/null || { cat $@.log; exit 1; }
	@touch $@

# The analyzer follows the paths of the code, which is nine tenths of the time of clang-tidy.
analyze: $(TIDY_C:%.c=$(B)/analyze/%.ok) ## all of clang-tidy, its analyzer included: minutes
$(B)/analyze/%.ok: $(B)/%.o .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet --warnings-as-errors='*' $*.c -- -std=c11 -Istack -I. $(SYSTEM) >$@.log 2>/dev/null || { cat $@.log; exit 1; }
	@touch $@

format: ## lay out every source file with clang-format
	clang-format -i $$(find stack tap apps tests -name '*.[ch]')
