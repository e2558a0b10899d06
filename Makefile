.PHONY: build demo bench

build:
	cargo build

# The main job end to end on the loopback, in a scratch directory.
demo:
	cargo build --quiet --package atk-cli --package atk-tests --bins
	ATK_BIN="$${CARGO_TARGET_DIR:-$$PWD/target}/debug/atk" \
	ATK_GIT_SERVER="$${CARGO_TARGET_DIR:-$$PWD/target}/debug/atk-git-server" sh tests/demo.sh

# The budgets of speed. `make bench ARGS=--py` compares with the Python tool.
bench:
	cargo run --quiet --release --package atk-tests --bin bench -- $(ARGS)
