# SPDX-License-Identifier: MIT
#
# make            builds build/oomlab
# make run        installs what is missing, builds, runs all of it here
# make test       everything that this machine allows; closes with a count
# make unit       unit tests alone;  make unit-asan, make unit-valgrind
# make fuzz       fuzz targets, 10^7 executions; make fuzz-short, seconds
# make warnings   proves that the warnings are on: a bad file must not compile
# make man        build/oomlab.1, the man page
# make install    to $(DESTDIR)$(PREFIX)
# make clean
#
# CC, CXX, CFLAGS, CXXFLAGS, LDFLAGS, PREFIX and DESTDIR are yours; V=1 shows
# the commands.

VERSION := $(shell sed -n 's/^\#\# \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md | head -n 1)
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
BUILD ?= build

WARNINGS := -Wall -Wextra -Wformat=2 -Wshadow -Wconversion -Werror
C_WARNINGS := -Wstrict-prototypes -Wmissing-prototypes
DEFINES := -D_GNU_SOURCE -Ifcgi-app -DOOMLAB_VERSION='"$(VERSION)"'
C_STYLE = -std=gnu17 $(WARNINGS) $(C_WARNINGS) $(DEFINES)
CXX_STYLE = -std=gnu++17 $(WARNINGS) $(DEFINES)
LIBS := -lfcgi -lctemplate -lcjson -luriparser -lsqlite3 -lpthread

# Room by room, by pattern: a new file is built because it is there.
SOURCES := $(wildcard fcgi-app/*.c fcgi-app/*/*.c fcgi-app/*/*/*.c)
BRIDGE := $(wildcard fcgi-app/*/*.cc)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BRIDGE:%.cc=$(BUILD)/%.o)
ROOMS := $(BUILD)/rooms.a
SAY = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$@';)
TESTS := $(wildcard tests/unit/test_*.c)
TEST_PROGRAMS := $(TESTS:tests/unit/%.c=$(BUILD)/tests/%)

all: $(BUILD)/oomlab

$(BUILD)/oomlab: $(BUILD)/fcgi-app/main.o $(ROOMS)
	$(call SAY,LINK)$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(ROOMS): $(filter-out $(BUILD)/fcgi-app/main.o,$(OBJECTS))
	$(call SAY,AR)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(C_STYLE) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(call SAY,CXX)$(CXX) $(CXX_STYLE) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%.o: DEFINES += -DTEST_DATA='"tests/unit/data"'

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(ROOMS)
	$(call SAY,LINK)$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

run:
	@deploy/install-packages run
	@$(MAKE) --no-print-directory all
	@exec deploy/run

# Every program runs, whatever the one before said; the last line counts.
unit: $(TEST_PROGRAMS)
	@tests/run-unit $(RUN_UNDER) -- $(TEST_PROGRAMS)

unit-asan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan \
		CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' \
		CXXFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' \
		unit

unit-valgrind: RUN_UNDER = valgrind -q --leak-check=full --error-exitcode=9
unit-valgrind: unit

# By clang, whose libFuzzer it is, and of those sources alone that a target is
# about: FUZZED.
FUZZ := $(BUILD)/fuzz
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -Wno-gnu-zero-variadic-macro-arguments
FUZZED := $(wildcard fcgi-app/evidence/oomlog*.c fcgi-app/http/*.c \
	fcgi-app/views/explain_*.c) fcgi-app/views/fields.c fcgi-app/views/wrap.c
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(FUZZ)/%,$(wildcard tests/fuzz/*.c))

$(FUZZ)/%: tests/fuzz/%.c $(FUZZED) $(wildcard fcgi-app/*/*.h)
	@mkdir -p $(@D)
	$(call SAY,FUZZ)clang -std=gnu17 -Wall -Wextra $(DEFINES) \
		$(FUZZ_CFLAGS) -o $@ $< $(FUZZED) -lfcgi -lcjson -luriparser -lm

fuzz fuzz-short: $(FUZZ_PROGRAMS)
	@tests/fuzz/run $(FUZZ) $(if $(filter fuzz,$@),long,short)

warnings:
	@! $(CC) $(C_STYLE) $(CFLAGS) -c -o /dev/null tests/unit/must-not-compile.c \
		2>/dev/null || { echo 'the warnings are off'; exit 1; }

test:
	@deploy/install-packages test
	@$(MAKE) --no-print-directory all
	@tests/run

man: $(BUILD)/oomlab.1

# Printed by the program, from its tables.
$(BUILD)/oomlab.1: $(BUILD)/oomlab templates/manual.txt.tpl
	$(call SAY,MAN)$(BUILD)/oomlab man --templates templates >$@.new && \
		mv $@.new $@

install: all man
	install -D -m 755 $(BUILD)/oomlab $(DESTDIR)$(PREFIX)/bin/oomlab
	install -D -m 644 $(BUILD)/oomlab.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/oomlab.1
	install -d $(DESTDIR)$(PREFIX)/share/oomlab/templates
	install -m 644 templates/*.tpl $(DESTDIR)$(PREFIX)/share/oomlab/templates

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(TESTS:tests/unit/%.c=$(BUILD)/tests/unit/%.d)

.PHONY: all run unit unit-asan unit-valgrind fuzz fuzz-short warnings \
	test man install clean
.SECONDARY:
