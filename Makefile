# tapir: `make`, `sudo make demo`, `sudo make test`. `make help` lists the rest.
#
# Everything is built below B. A variant has a B of its own: `make B=build/clang CC=clang`, `make B=build/asan SANITIZE=1
# ASSERT=1 tests`. Other switches: WERROR=1 (warnings are errors), ASSERT=1 (check our own promises), V=1 (show commands).

B        ?= build
prefix   ?= /usr/local
PREFIX   ?= $(prefix)
LIBDIR   ?= $(PREFIX)/lib
VERSION  := 0.1.0

ifeq ($(origin CC),default)
CC := gcc
endif
# One job for each processor, unless the user says -j.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-print-directory

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wold-style-definition -Wundef -Wpointer-arith -Wwrite-strings -Wcast-align -Wcast-qual \
            -Wswitch-enum -Wvla -Wformat=2 -Wnull-dereference -Wdouble-promotion -Wimplicit-fallthrough
# With sanitizers the compiler takes long: lines are enough for their reports, and -O1 runs as fast.
OPTIMIZE ?= $(if $(SANITIZE),-O1,-O2)
CFLAGS   ?= $(if $(SANITIZE),-g1,-g) $(OPTIMIZE)
# Each x86-64 processor since 2008 counts bits; the longest prefix match lives by it.
PROCESSOR := $(if $(filter x86_64-%,$(shell $(CC) -dumpmachine)),-mpopcnt)
ALL_CFLAGS := -std=c11 $(WARNINGS) $(if $(WERROR),-Werror) -fPIC -MMD -MP -Istack -I. $(PROCESSOR) $(CFLAGS) $(FUZZ_CFLAGS)
ifdef SANITIZE
ALL_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS    += -fsanitize=address,undefined
endif
ifndef ASSERT
ALL_CFLAGS += -DNDEBUG
endif
SYSTEM   := -D_GNU_SOURCE -DTAPIR_VERSION='"$(VERSION)"'
# gcc would make a call of strlen out of a loop that looks like one; stack/ calls nobody (tests/lint/purity).
PURE     := $(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns)
# Nobody puts a function of his own in the place of one of ours, so the compiler may inline them.
PURE     += -fno-semantic-interposition
LIBS     := -lpcap -lconfuse -ljansson -lmnl -luring

# Debian packages: to build, run and demonstrate; what tests, lint and fuzzing need beyond that.
DEPS      := gcc make libc6-dev libpcap-dev libconfuse-dev libjansson-dev libmnl-dev liburing-dev iproute2 iputils-ping \
             traceroute curl busybox
DEPS_TEST := libcmocka-dev pkg-config clang clang-tidy clang-format libclang-rt-14-dev cppcheck tshark tcpdump iperf3 \
             mtr-tiny iputils-tracepath iputils-arping nftables nmap procps python3 valgrind

STACK_C := $(sort $(shell find stack -name '*.c'))
TAP_C   := $(sort $(wildcard tap/*.c))
APPS_C  := $(sort $(wildcard apps/*.c))
STACK_O := $(STACK_C:%.c=$(B)/%.o)
TAP_O   := $(TAP_C:%.c=$(B)/%.o)
APPS_O  := $(APPS_C:%.c=$(B)/%.o)
MAIN_O  := $(filter $(B)/apps/main.o,$(APPS_O))
PARTS   := $(B)/libapps.a $(B)/libtap.a $(B)/libtapir.a

say = $(if $(V),,@printf '  %-5s %s\n' $(1) '$@';)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE all deps deps-test demo install uninstall clean help

all: $(B)/libtapir.a $(B)/libtapir.so $(B)/libtapir-test.a $(B)/tapir ## build the libraries and the program, all below build/

# What everything below B was built with and from: a change of either builds anew what depends on it.
$(B)/flags: now = $(CC) $(ALL_CFLAGS) $(PURE) $(SYSTEM) $(LDFLAGS)
$(B)/files: now = $(STACK_C) $(TAP_C) $(APPS_C)
$(B)/flags $(B)/files: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(now))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(now))' >$@

$(B)/stack/%.o: stack/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(PURE) -c -o $@ $<

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(SYSTEM) -c -o $@ $<

$(B)/libtapir.a: $(STACK_O) $(B)/files
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(STACK_O)

$(B)/libtapir.so: $(STACK_O) $(B)/files stack/libtapir.map
	$(call say,LD)$(CC) -shared -Wl,-soname,libtapir.so.0 -Wl,--version-script=stack/libtapir.map $(LDFLAGS) -o $@ $(STACK_O)

$(B)/libtap.a: $(TAP_O) $(B)/files
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(TAP_O)

$(B)/libapps.a: $(APPS_O) $(B)/files
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(filter-out $(MAIN_O),$(APPS_O))

# The library for tests of others (apps/tapir_test.h): one object, in which every name that does not begin with tapir_ is its own.
TESTLIB_O := $(B)/apps/tapir_test.o $(B)/apps/tapir_test_check.o
$(B)/libtapir-test.a: $(TESTLIB_O) $(PARTS)
	@rm -f $@
	@$(CC) -r -nostdlib -o $(B)/tapir-test.o $(TESTLIB_O) $(PARTS)
	@objcopy --wildcard --keep-global-symbol='tapir_*' $(B)/tapir-test.o
	$(call say,AR)$(AR) rcs $@ $(B)/tapir-test.o

$(B)/tapir: $(MAIN_O) $(PARTS)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $(MAIN_O) $(PARTS) $(LIBS)

include tests/tests.mk
-include $(shell find $(B) -name '*.d' 2>/dev/null)

# Installs those of the packages $(1) that are not there; says what to do where it cannot. One after the other: apt-get waits
# for the lock of dpkg but not for that of the package lists, and make may run two of these side by side.
define install-packages
	@command -v dpkg-query >/dev/null || { echo "$@: not a Debian system; needed here: $(1)" >&2; exit 0; }; \
	here=$$(dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(1) 2>/dev/null | sed -n 's/^installed //p'); \
	missing=$$(for p in $(1); do echo "$$here" | grep -qxF "$$p" || printf '%s ' "$$p"; done); \
	[ -n "$$missing" ] || exit 0; \
	[ "$$(id -u)" = 0 ] || { echo "$@: missing packages: $$missing; run 'sudo make $@'" >&2; exit 2; }; \
	echo "$@: installing $$missing"; \
	export DEBIAN_FRONTEND=noninteractive; log=$$(mktemp); \
	exec 9<Makefile; flock 9; \
	{ apt-get update -qq && apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 \
	  -o Acquire::Retries=3 $$missing; } </dev/null >$$log 2>&1 9>&- || \
	{ tail -n 20 $$log >&2; rm -f $$log; echo "$@: apt-get could not install $$missing" >&2; exit 2; }; \
	rm -f $$log
endef

# What root built by sudo belongs to who called sudo, so that a later `make` of theirs can go on.
give-back = [ -z "$$SUDO_UID" ] || chown -R "$$SUDO_UID:$$SUDO_GID" build

deps: ## install the packages that building, running and the demo need (as root)
	$(call install-packages,$(DEPS))

deps-test: ## install the packages that tests, lint and fuzzing need beyond those (as root)
	$(call install-packages,$(DEPS_TEST))

demo: ## build a small network, ping, trace and fetch through it, take it down again (as root)
	$(call install-packages,$(DEPS))
	@$(MAKE) -s all
	@TAPIR=$(CURDIR)/$(B)/tapir docs/examples/demo/run.sh; status=$$?; $(give-back); exit $$status

HEADERS := $(notdir $(wildcard stack/tapir*.h)) core/verdict.def core/settings.def
fill-in  = sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@LIBS@|$(LIBS)|' \
           $(1) >$(DESTDIR)$(LIBDIR)/pkgconfig/$(basename $(notdir $(1)))

install: all ## install program, libraries and headers below DESTDIR and PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/include/tapir/core
	install -m 755 $(B)/tapir $(DESTDIR)$(PREFIX)/bin/tapir
	for h in $(HEADERS); do install -m 644 stack/$$h $(DESTDIR)$(PREFIX)/include/tapir/$$h || exit 1; done
	install -m 644 apps/tapir_test.h $(DESTDIR)$(PREFIX)/include/tapir/test.h
	install -m 644 $(B)/libtapir.a $(B)/libtapir-test.a $(DESTDIR)$(LIBDIR)
	install -m 755 $(B)/libtapir.so $(DESTDIR)$(LIBDIR)/libtapir.so.0
	ln -sf libtapir.so.0 $(DESTDIR)$(LIBDIR)/libtapir.so
	$(call fill-in,stack/tapir.pc.in)
	$(call fill-in,apps/tapir-test.pc.in)
	$(if $(DESTDIR),,-ldconfig)

uninstall: ## remove exactly what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/tapir $(HEADERS:%=$(DESTDIR)$(PREFIX)/include/tapir/%) $(DESTDIR)$(PREFIX)/include/tapir/test.h
	rm -f $(addprefix $(DESTDIR)$(LIBDIR)/,libtapir.a libtapir-test.a libtapir.so libtapir.so.0)
	rm -f $(DESTDIR)$(LIBDIR)/pkgconfig/tapir.pc $(DESTDIR)$(LIBDIR)/pkgconfig/tapir-test.pc
	rmdir $(DESTDIR)$(PREFIX)/include/tapir/core $(DESTDIR)$(PREFIX)/include/tapir 2>/dev/null || true
	$(if $(DESTDIR),,-ldconfig)

clean: ## remove build/
	rm -rf build $(B)

help: ## print this list
	@sed -n 's/^\([a-z-]*\):[^#]* ## \(.*\)/\1\t\2/p' Makefile tests/tests.mk | while IFS='	' read -r t text; do \
	    printf '  make %-12s %s\n' "$$t" "$$text"; done
