#!/bin/sh
# Shows that the proofs can fail: builds the command once with each planted mistake of
# tests/mutants, and runs the proof or the test that its patch names. Prints a table. Fails if a
# patch does not apply, or if a mistake is not caught.
# usage: mutants.sh <target directory> <directory for the builds> [name…]
set -u
target=$1 build=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
tree=$(mktemp -d)/tree || exit 1
clean() {
	git -C "$root" worktree remove --force "$tree" 2>/dev/null
	rm -rf "$(dirname "$tree")"
}
trap clean EXIT
trap 'exit 1' INT TERM
git -C "$root" worktree add --quiet --detach "$tree" HEAD || exit 1
failed=0
for patch in "$root"/tests/mutants/*.patch; do
	name=$(basename "$patch" .patch)
	case " $* " in
	"  " | *" $name "*) ;;
	*) continue ;;
	esac
	by=$(sed -n 's/^Caught by: //p' "$patch")
	result=caught
	log=$build/$name.log
	mkdir -p "$build"
	if ! git -C "$tree" apply "$patch" 2>"$log"; then
		result="DOES NOT APPLY, see $log"
	elif ! (cd "$tree" && CARGO_TARGET_DIR=$build cargo build --locked --quiet --package atk-cli --bin atk) 2>"$log"; then
		result="DOES NOT BUILD, see $log"
	else
		cp "$build/debug/atk" "$build/atk-$name"
		kind=${by%% *} what=${by#* }
		case $kind in
		# The exit status is 1 only if the proof ran, and something did not hold.
		proof)
			# shellcheck disable=SC2086
			ATK_BIN=$build/atk-$name "$target/debug/proof" $what >"$log" 2>&1
			[ $? -eq 1 ] && grep -q '^LOST' "$log" || result="NOT CAUGHT, see $log"
			;;
		test)
			(cd "$tree" && CARGO_TARGET_DIR=$build cargo test --locked --quiet --package atk-core --lib "$what") >"$log" 2>&1
			grep -q 'test result: FAILED' "$log" || result="NOT CAUGHT, see $log"
			;;
		*) result="SAYS NOT WHAT CATCHES IT" ;;
		esac
		rm -f "$build/atk-$name"
	fi
	git -C "$tree" checkout --quiet .
	[ "$result" = caught ] || failed=1
	printf '%-40s %-12s %s\n' "$name" "$result" "$by"
done
exit $failed
