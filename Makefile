# tapir: make, make demo, make test. `make help` lists the rest.
#
# Everything is built below B (build/). Variants: `make B=build/asan SANITIZE=1`, `make CC=clang B=build/clang`.

B        ?= build
CC       ?= gcc
PREFIX   ?= /usr/local
VERSION  := 0.1.0

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wold-style-definition -Wundef -Wpointer-arith -Wwrite-strings -Wcast-align -Wcast-qual \
            -Wswitch-enum -Wvla -Wformat=2 -Wnull-dereference -Wdouble-promotion -Wimplicit-fallthrough
OPTIMIZE ?= -O2
CFLAGS   ?= -g $(OPTIMIZE)
ALL_CFLAGS := -std=c11 $(WARNINGS) $(if $(WERROR),-Werror) -fPIC -MMD -MP -Istack -I. $(CFLAGS)
ifdef SANITIZE
ALL_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS    += -fsanitize=address,undefined
endif
ifndef ASSERT
ALL_CFLAGS += -DNDEBUG
endif
SYSTEM   := -D_GNU_SOURCE
LIBS     := -lpcap -lconfuse -ljansson -lmnl

STACK_C := $(sort $(shell find stack -name '*.c'))
TAP_C   := $(sort $(wildcard tap/*.c))
APPS_C  := $(sort $(wildcard apps/*.c))
TEST_C  := $(sort $(shell find tests -name 'test_*.c'))
HELP_C  := $(sort $(wildcard tests/*.c tests/world/bench*.c))

STACK_O := $(STACK_C:%.c=$(B)/%.o)
TAP_O   := $(TAP_C:%.c=$(B)/%.o)
APPS_O  := $(APPS_C:%.c=$(B)/%.o)
HELP_O  := $(HELP_C:%.c=$(B)/%.o)
TESTS   := $(TEST_C:%.c=$(B)/%)

.PHONY: all
all: $(B)/libtapir.a $(B)/libtapir.so $(B)/tapir

$(B)/stack/%.o: stack/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(SYSTEM) -c -o $@ $<

$(B)/libtapir.a: $(STACK_O)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/libtapir.so: $(STACK_O) stack/libtapir.map
	$(CC) -shared -Wl,-soname,libtapir.so.0 -Wl,--version-script=stack/libtapir.map $(LDFLAGS) -o $@ $(STACK_O)

$(B)/libtap.a: $(TAP_O)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/tapir: $(APPS_O) $(B)/libtap.a $(B)/libtapir.a
	$(CC) $(LDFLAGS) -o $@ $(APPS_O) $(B)/libtap.a $(B)/libtapir.a $(LIBS)

# One program for each test file; `make build/tests/stack/wire/test_checksum` builds one.
$(B)/tests/%: $(B)/tests/%.o $(HELP_O) $(B)/libtap.a $(B)/libtapir.a
	$(CC) $(LDFLAGS) -o $@ $< $(HELP_O) $(B)/libtap.a $(B)/libtapir.a -lcmocka $(LIBS)

.PHONY: tests
tests: $(TESTS)

.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
