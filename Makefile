# The two commands of the README, and what they are made of.
#
#   make demo   sets the machine up, builds a release, and shows the program's main job
#   make test   sets the machine up, and passes the tests
#
# and, beside them, make bench, which prints the table of measurements in the README, make torture, which prints the table of faults, make fuzz,
# make install, make deb and make static.

SWIFT ?= swift
PYTHON ?= python3
CACHE := .cache

SCRATCH ?= .cache/bench

# What others link with comes along, so that a machine without Swift can run it. One build is for all that wants a release.
RELEASE := $(SWIFT) build -c release --static-swift-stdlib --product xm-safe
PROGRAM = "$$($(RELEASE) --show-bin-path)/xm-safe"
# Not even a C library is needed: everything is in one file.
STATIC := XM_SAFE_STATIC=1 $(SWIFT) build -c release --scratch-path .build-static \
	-Xswiftc -static-executable -Xlinker -lz -Xlinker -lm --product xm-safe
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: install man deb package-check static static-check screenshots demo test bench sweep torture torture-sample conformance conformance-sample fuzz fuzz-sample fuzz-build build lint format system setup clean

demo: system
	$(RELEASE)
	sh Scripts/check-demo.sh $(PROGRAM)

# What is run as a program in the tests is the release.
test: setup
	$(RELEASE)
	$(SWIFT) build --build-tests
	XM_SAFE_TEST_PROGRAM=$(PROGRAM) $(SWIFT) test --skip-build

bench: setup
	sh Scripts/install-packages.sh gcc gzip pigz python3
	$(RELEASE)
	$(PYTHON) Scripts/bench.py $(PROGRAM) "$(SCRATCH)"

# A chain of ten revisions with the project's own alembic, failed and killed before every statement; the tests take a sample.
sweep: setup
	$(SWIFT) build --build-tests
	XM_SAFE_TEST_WHOLE_SWEEP=1 $(SWIFT) test --skip-build --filter AlembicSweepTests

# Every fault that Torture/README.md lists, at every place; the sample is a bounded choice of them.
torture: setup
	sh Scripts/install-packages.sh gcc libc6-dev
	$(RELEASE)
	$(PYTHON) -m Torture $(PROGRAM)

torture-sample: setup
	sh Scripts/install-packages.sh gcc libc6-dev
	$(RELEASE)
	$(PYTHON) -m Torture --sample $(PROGRAM)

# The native engine against the real alembic on real projects; the sample is what it must understand whole.
conformance: system
	sh Scripts/install-packages.sh python3-venv python3-pip libpq5 mariadb-client-core
	$(RELEASE)
	$(PYTHON) -m Conformance $(PROGRAM) --cache $(CACHE)/corpus

conformance-sample: system
	sh Scripts/install-packages.sh python3-venv python3-pip libpq5 mariadb-client-core
	$(RELEASE)
	$(PYTHON) -m Conformance $(PROGRAM) --cache $(CACHE)/corpus --sample

# Every reader of what others may have written, under libFuzzer; the sample replays the corpus and goes on for some seconds.
# The harness is another build of everything, in a folder of its own. Both sanitizers stand in one flag: of two flags swiftc
# takes the last alone, and would leave out the coverage without a word. --sanitize leaves `main` to libFuzzer; the C code
# below is not what is looked into.
SECONDS ?= 600
FUZZ := XM_SAFE_FUZZ=1 $(SWIFT) build -c release --scratch-path .build-fuzz --product FuzzHarness \
	--sanitize fuzzer -Xcc -fno-sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing

fuzz-build: system
	$(FUZZ)

fuzz: setup fuzz-build
	$(PYTHON) -m Fuzz "$$($(FUZZ) --show-bin-path)/FuzzHarness" --seconds $(SECONDS)

fuzz-sample: fuzz-build
	$(PYTHON) -m Fuzz "$$($(FUZZ) --show-bin-path)/FuzzHarness" --seconds 5 --seed 1 --fresh

# The program, manual pages, completions: PREFIX=/usr/local, below DESTDIR.
install: system
	sh Scripts/install-packages.sh python3 binutils
	$(RELEASE)
	PYTHON="$(PYTHON)" sh Scripts/install.sh $(PROGRAM) "$(DESTDIR)" "$(PREFIX)"

# The manual pages alone, into man/.
man: build
	$(PYTHON) Scripts/man-pages.py $(PROGRAM) man

# A Debian package for this machine's kind, into dist/.
deb: system
	sh Scripts/install-packages.sh python3 binutils dpkg-dev
	$(RELEASE)
	PYTHON="$(PYTHON)" sh Scripts/debian-package.sh $(PROGRAM) dist

# The same, checked: by lintian, and by what the program does that comes out of it.
package-check: deb
	sh Scripts/install-packages.sh lintian groff-base
	sh Scripts/check-package.sh dist/*.deb

# One file that needs no other, in dist/: for machines and containers with nothing else on them. It has no ISA-L, so that snapshots take longer.
static: system
	sh Scripts/install-packages.sh zlib1g-dev binutils
	$(STATIC)
	mkdir -p dist
	strip -o dist/xm-safe "$$($(STATIC) --show-bin-path)/xm-safe"

# The same, at work where there is nothing else.
static-check: static
	sh Scripts/check-static.sh dist/xm-safe

# The pages that `report` writes, as a browser shows them, by day and by night, on a telephone and on a desk.
screenshots: setup
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --filter BrowserTests
	@ls $(CACHE)/screenshots/*.png

build:
	$(RELEASE)

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Fuzz

# System packages that the build needs.
system:
	sh Scripts/install-packages.sh libsqlite3-dev libdeflate-dev libisal-dev libyaml-dev sqlite3

# What the tests compare with: the real alembic, and XManager's own scripts out of its wheel.
setup:
	sh Scripts/install-packages.sh libsqlite3-dev libdeflate-dev libisal-dev libyaml-dev sqlite3 gzip util-linux strace python3-venv python3-pip libpq5 postgresql mariadb-server curl graphviz cron systemd groff-base binutils dpkg-dev \
		chromium fonts-dejavu-core bash-completion zsh fish
	sh Scripts/setup-promtool.sh $(CACHE)/promtool
	PYTHON="$(PYTHON)" sh Scripts/setup-oracle.sh $(CACHE)
	sh Scripts/setup-pythons.sh $(CACHE)/pythons

clean:
	rm -rf .build .build-fuzz .build-static dist $(CACHE)
