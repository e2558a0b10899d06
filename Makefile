TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
DENY_VERSION := 0.20.2
ACTIONLINT_VERSION := v1.7.12
DENY := $(TARGET)/tools/cargo-deny-$(DENY_VERSION)
MDBOOK_VERSION := 0.5.4
MDBOOK := $(TARGET)/tools/mdbook-$(MDBOOK_VERSION)

# What is released is built for this target, unless another is named.
RUST_TARGET ?= $(shell rustc -vV | sed -n 's/^host: //p')
PACKAGES := $(TARGET)/release-packages

# Parts that use one processor most of the time; what each says is shown when it has ended.
TWO_JOBS := $(MAKE) --jobs=2 --output-sync=target

.PHONY: version advisories docs site lint-workflows release-check release-check-cheap release-arm64 test-editor release-packages release-gate release-use \
	release-sources release-install release-collect release-version debian-packages debian-use publish-npm publish-crates
.PHONY: build demo fuzz hostile proof proof-mutants proof-sample conformance test check msrv setup generate bless test-core test-cli test-c test-python test-node test-agents \
	test-uniffi test-demo lint clippy licenses doc language-server-test bench install tools python-test python-wheel node-test node-package uniffi-test

build:
	cargo build --locked

# The main job end to end on the loopback, in a scratch directory.
demo:
	cargo build --locked --quiet --package atk-cli --package atk-tests --bins
	ATK_BIN="$(TARGET)/debug/atk" ATK_GIT_SERVER="$(TARGET)/debug/atk-git-server" sh tests/demo.sh

check test fuzz hostile proof proof-sample proof-mutants conformance test-core test-cli test-c test-python test-node test-uniffi test-agents: export TMPDIR = $(shell sh tests/scratch.sh)

# Everything that must pass.
test: tools lint doc msrv
	cargo test --locked
	$(MAKE) proof-sample
	+$(TWO_JOBS) uniffi-test python-test node-test language-server-test
	$(MAKE) conformance
	$(MAKE) demo

tools:
	sh tests/tools.sh

# Installs the programs that the tests need, as root on Debian.
setup:
	sh tests/tools.sh --install

# What to run while working: format, lints, the core and the command line, generated files. Under two
# minutes once it is built.
check:
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- --deny warnings
	cargo test --locked --quiet --package atk-core --package atk-cli --package atk-dev

# Builds with the oldest Rust that Cargo.toml states, if that toolchain is installed.
msrv:
	sh tests/msrv.sh

# Writes what the faces have of the description of the API.
generate:
	cargo dev generate

# Accepts new snapshots, the header and the list of symbols of the C library, and the page of the commands;
# look at the difference.
bless: generate
	ATK_BLESS=1 cargo test --locked --quiet --package atk-cli --lib page_of_the_commands
	ATK_BLESS=1 cargo test --locked --quiet --package atk-ffi --test library header
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --locked --quiet --package atk-cli --package atk-tests
	@echo "snapshots within source files are accepted by: cargo insta accept"

test-core:
	cargo test --locked --package atk-core --package atk-tests

test-cli:
	cargo test --locked --package atk-cli

test-c:
	cargo test --locked --package atk-ffi

test-python: python-test
test-node: node-test
test-uniffi: uniffi-test
	cargo test --locked --package atk-uniffi
test-demo: demo

lint:
	cargo fmt --all --check
	+$(TWO_JOBS) clippy licenses

# Without the one line that starts uniffi's generator, which takes a minute to check.
clippy:
	cargo clippy --locked --workspace --exclude atk-uniffi-bindgen --all-targets -- --deny warnings

licenses: $(DENY)
	$(DENY)/bin/cargo-deny --log-level error check licenses bans sources

doc:
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --package atk-core

# The budgets of speed. `make bench ARGS=--py` compares with the Python tool.
bench:
	cargo run --locked --quiet --release --package atk-tests --bin bench -- $(ARGS)
	$(MAKE) python-wheel
	sh bindings/python/bench.sh "$(TARGET)"
	LIBZ_SYS_STATIC=1 sh bindings/node/build.sh "$(TARGET)" --release
	node bindings/node/bench.cjs

# Kills, fails and cuts the power at system calls of real processes (Linux x86-64), and prints one
# table; within an hour. `make proof ARGS="--every 1"` tries every point, `ARGS="--mode power upgrade"`
# one class and some scenarios; tests/src/bin/proof/main.rs lists the modes.
proof:
	cargo build --locked --quiet --package atk-cli --package atk-tests --bins
	ATK_BIN="$(TARGET)/debug/atk" "$(TARGET)/debug/proof" $(ARGS)

# Gives the command hostile input, and prints what came of each; `ARGS="server: pack:"` some of it.
hostile:
	cargo build --locked --quiet --package atk-cli --package atk-tests --bins
	ATK_BIN="$(TARGET)/debug/atk" "$(TARGET)/debug/hostile" $(ARGS)

# Fuzz targets, coverage-guided, each for so many seconds; `ARGS="manifest env"` some of them. Inputs
# that break a rule are in target/fuzz/found. Downloads libFuzzer's crate.
fuzz:
	sh fuzz/run.sh "$(TARGET)" "$(or $(SECONDS),30)" $(ARGS)

# A few points of each class of `make proof`, within three minutes.
proof-sample:
	test "$$(uname -sm)" != "Linux x86_64" || $(MAKE) proof ARGS="--sample $(ARGS)"

# Plants one mistake after the other, and shows which proof or test catches it. MUTANTS, where they
# are built; `ARGS=<name>`, one of them.
proof-mutants:
	cargo build --locked --quiet --package atk-cli --package atk-tests --bins
	sh tests/mutants.sh "$(TARGET)" "$(or $(MUTANTS),$(TARGET)/mutants)" $(ARGS)

# One behaviour in every face: the scenarios of tests/conformance. `ARGS="--only add"` runs some.
conformance:
	sh tests/conformance/run.sh "$(TARGET)" $(ARGS)

# The official Python client of MCP speaks with a real server through `atk exec`. Downloads both.
test-agents:
	cargo build --locked --quiet --package atk-cli --package atk-tests --bins
	sh tests/agents/run.sh "$(TARGET)"

# The Python package, on every CPython that is found.
python-test:
	sh bindings/python/test.sh "$(TARGET)"

# The packages for Kotlin, Ruby and Swift.
uniffi-test:
	sh bindings/uniffi/test.sh "$(TARGET)" $(ARGS)

# The wheel to be published, into target/python/release.
python-wheel:
	test -x "$(TARGET)/python/tools/bin/maturin" || { python3 -m venv "$(TARGET)/python/tools" && \
	"$(TARGET)/python/tools/bin/pip" install --quiet --requirement bindings/python/requirements.txt; }
	cd bindings/python && LIBZ_SYS_STATIC=1 "$(TARGET)/python/tools/bin/maturin" build --locked --release \
	--target-dir "$(TARGET)" --out "$(TARGET)/python/release"

# The npm package, on Node 18, 20, 22 and 24.
node-test:
	sh bindings/node/test.sh "$(TARGET)"

# An editor's language server for YAML with the schema of `plugin.yaml`. Downloads the server.
language-server-test:
	cargo build --locked --quiet --package atk-cli --package atk-tests --bins
	sh tests/language-server/run.sh "$(TARGET)"

# The npm packages to be published for this system, into target/node/release.
node-package:
	LIBZ_SYS_STATIC=1 sh bindings/node/build.sh "$(TARGET)" --release
	node bindings/node/package.cjs "$(TARGET)/node/release"

# Sets the version of everything: `make version VERSION=0.2.0`.
version:
	test -n "$(VERSION)"
	sed -i.old -e '/^\[workspace.package\]$$/,/^$$/s/^version = ".*"/version = "$(VERSION)"/' \
	-e 's/^\(atk-core = { path = "atk-core", version = \)"[^"]*"/\1"$(VERSION)"/' Cargo.toml && rm Cargo.toml.old
	cargo update --offline --workspace
	cargo dev generate

# Known vulnerabilities of the dependencies; fetches the list of them.
advisories: $(DENY)
	$(DENY)/bin/cargo-deny --log-level error check advisories

# The documentation as a book, target/book, and a check of its links. Builds mdBook, and downloads linkinator.
docs: $(MDBOOK)
	$(MDBOOK)/bin/mdbook build --dest-dir "$(TARGET)/book" docs
	sh packaging/links.sh "$(TARGET)"

# The book and the documentation of the library in Rust as a site: target/site.
site: doc docs
	rm -rf "$(TARGET)/site"
	cp -R "$(TARGET)/book" "$(TARGET)/site"
	cp -R "$(TARGET)/doc" "$(TARGET)/site/rust"
	cp include/atk.h "$(TARGET)/site"

# The workflows, with actionlint: built with Go, unless it is installed.
lint-workflows:
	command -v actionlint >/dev/null || test -x "$(TARGET)/release-tools/actionlint" || \
	GOBIN="$(TARGET)/release-tools" go install github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)
	PATH="$$PATH:$(TARGET)/release-tools" actionlint

# Builds and checks all that is released and that this machine can build, as root on Debian; takes
# half an hour. docs/releases.md says what each step is.
release-check: release-check-cheap lint-workflows
	$(MAKE) release-packages release-gate release-use release-install debian-packages debian-use release-sources release-collect

# The same for Linux arm64 on a machine of another kind: what is built is used through QEMU. After
# `release-packages` of this machine, whose command writes the manual pages.
release-arm64:
	sh packaging/arm64.sh "$(TARGET)"

# What of it takes seconds.
release-check-cheap: release-version
	cargo dev generate --check
	for script in packaging/*.sh packaging/use/*.sh; do sh -n "$$script" || exit 1; done

release-version:
	sh packaging/version.sh "$(TAG)"

# The archives, the wheel and the npm packages for RUST_TARGET: target/release-packages/<target>.
release-packages:
	sh packaging/build.sh "$(TARGET)" "$(RUST_TARGET)"

# That they are what their names say, and run on the systems that they are for.
release-gate:
	python3 packaging/check.py "$(PACKAGES)/$(RUST_TARGET)"

# Uses each of them in the root of an older system. Needs debootstrap, and root.
release-use:
	sh packaging/use.sh "$(TARGET)" "$(RUST_TARGET)"

# The example extension in code-server, through headless Chromium; uses the npm packages of RUST_TARGET.
test-editor:
	sh bindings/node/examples/vscode/editor/run.sh "$(TARGET)" "$(PACKAGES)/$(RUST_TARGET)"

# The install script against a server on the loopback.
release-install:
	sh packaging/install-test.sh "$(TARGET)" "$(RUST_TARGET)"

# The crates and the source distribution of the Python package, built as they will be published.
release-sources:
	sh packaging/sources.sh "$(TARGET)"

# Everything in one directory, with checksums: target/release-packages/all.
release-collect:
	sh packaging/collect.sh "$(TARGET)"

debian-packages:
	sh packaging/debian.sh "$(TARGET)" "$(RUST_TARGET)"

# Installs, uses and removes them in a fresh root. Needs debootstrap, and root.
debian-use:
	sh packaging/debian-use.sh "$(TARGET)" "$(RUST_TARGET)"

# Only the workflow of a release does this.
publish-npm:
	for package in "$(PACKAGES)"/all/svtoo-atk-*-*.tgz "$(PACKAGES)"/all/svtoo-atk-[0-9]*.tgz; do \
	npm publish --access public --provenance "$$package" || exit 1; done

publish-crates:
	cargo publish --locked --package atk-core --package atk-cli --package atk-ffi

export PREFIX LIBDIR INCLUDEDIR DESTDIR

# The C library: header, shared and static library, atk.pc, CMake package. PREFIX, LIBDIR,
# INCLUDEDIR, DESTDIR; BUILT, where it is built already.
install:
ifndef BUILT
	LIBZ_SYS_STATIC=1 cargo build --locked --release --package atk-ffi --lib
endif
	sh atk-ffi/install/install.sh "$(or $(BUILT),$(TARGET)/release)"

# Tools are not debugged.
$(DENY) $(MDBOOK): export CARGO_PROFILE_DEV_DEBUG = 0

$(DENY):
	cargo install --quiet --locked --debug --no-default-features --root $@ cargo-deny --version $(DENY_VERSION)

$(MDBOOK):
	cargo install --quiet --locked --debug --no-default-features --features search --root $@ mdbook --version $(MDBOOK_VERSION)
