#!/bin/sh
# Runs fuzz targets: run.sh TARGET_DIRECTORY SECONDS [TARGET]...
#
# Coverage-guided, by LLVM's libFuzzer, and with a stable compiler: the flags are those of cargo-fuzz
# without the sanitizers, which only a nightly compiler has (`cargo +nightly fuzz run TARGET` has them).
# Inputs that are found go to TARGET_DIRECTORY/fuzz/corpus and serve the next run; what breaks a rule
# is in TARGET_DIRECTORY/fuzz/found, and fails the run. `fuzz/corpus` is only read.
set -eu
cd "$(dirname "$0")"
out=$1/fuzz seconds=$2
shift 2
test "$(uname -sm)" = "Linux x86_64" || { echo "fuzzing needs Linux on x86-64"; exit 0; }
host=x86_64-unknown-linux-gnu
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
# The versions that ATK is built with; cargo adds those of what is here only.
test Cargo.lock -nt ../Cargo.lock || cp ../Cargo.lock Cargo.lock
# With a target of its own the flags reach neither build scripts nor macros.
RUSTFLAGS="$coverage" cargo build --quiet --release --bins --target "$host" --target-dir "$out"
all=$(sed -n 's|^path = "fuzz_targets/\(.*\)\.rs"|\1|p' Cargo.toml)
failed=
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
printf '%-12s %12s %10s %9s %9s %8s  %s\n' target executions a\ second coverage inputs MB found
for target in ${*:-$all}; do
	mkdir -p "$out/corpus/$target" "$out/found/$target"
	log=$out/$target.log
	status=0
	"$out/$host/release/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1000 -max_len=8192 \
		-print_final_stats=1 -artifact_prefix="$out/found/$target/" "$out/corpus/$target" "corpus/$target" \
		>"$log" 2>&1 || status=$?
	value() { sed -n "s/^stat::$1: *//p" "$log"; }
	coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
	inputs=$(sed -n 's/.* corp: \([0-9]*\).*/\1/p' "$log" | tail -1)
	found=nothing
	test "$status" = 0 || { found="see $log"; failed="$failed $target"; }
	printf '%-12s %12s %10s %9s %9s %8s  %s\n' "$target" "$(value number_of_executed_units)" \
		"$(value average_exec_per_sec)" "$coverage" "$inputs" "$(value peak_rss_mb)" "$found"
done
test -z "$failed" || { echo "rules are broken:$failed"; exit 1; }
