# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the runners of `make check' and `make matrix' have in common: groups of tests,
# each a program that says KTAP, shown in brief and added up. Wants $log, a directory
# for what they say in full.
shopt -s extglob

log=${log:?} passed=0 failed=0 skipped=0

# A group that hangs is a failure, not a wait for ever. Seconds.
limit=2300

# Shows a group's KTAP as it comes: each test, of the tests within tests those that
# failed, and what is said about a failure before and behind its line. All of it
# is in the log.
show()
{
	local line said=() failed=

	while IFS= read -r line; do
		case $line in
		'# Subtest:'*) ;;
		*([[:blank:]])'not ok '*)
			printf '  %s\n' "${said[@]}" "$line"
			said=() failed=y
			;;
		*([[:blank:]])'ok '*)
			[ "${line#ok }" = "$line" ] || echo "  $line"
			said=() failed=
			;;
		*([[:blank:]])'#'*)
			if [ -n "$failed" ]; then
				echo "    $line"
			else
				said+=("  $line")
			fi
			;;
		esac
	done
}

# The numbers of a group: those of its last line, if it has one of that form,
# else those of its KTAP. Tests of tests are indented and not counted.
count()
{
	local last
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1)
	if [ -n "$last" ]; then
		awk '{ print $1, $3, $6 + 0 }' <<<"${last//,/}"
		return
	fi
	awk '
	/^ok .*# SKIP/ { skipped++; next }
	/^ok/ { passed++ }
	/^not ok/ { failed++ }
	END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

# by_processors 1|2 NAME...: the scenarios that want so many
by_processors()
{
	local processors=$1 s

	shift
	for s; do
		if grep -q '^# Processors: 2$' "$(dirname "${BASH_SOURCE[0]}")/scenarios/$s.sh"; then
			[ "$processors" = 1 ] || echo "$s"
		else
			[ "$processors" = 2 ] || echo "$s"
		fi
	done
}

# run_group NAME COMMAND...
run_group()
{
	local name=$1 out=$log/$1.ktap started=$SECONDS status good bad left
	shift
	echo "# $name"
	timeout -k 10 "$limit" "$@" 2>&1 | tee "$out" | show
	status=${PIPESTATUS[0]}
	read -r good bad left < <(count "$out")
	# Whoever fails without a test that failed broke down on the way.
	if [ "$bad" -eq 0 ] && [ "$status" -ne 0 ]; then
		echo "  not ok - $name ended with status $status; its last lines were:"
		tail -n 15 "$out" | sed 's/^/    # /'
		bad=1
	elif [ $((good + bad)) -eq 0 ]; then
		echo "  not ok - $name ran no test"
		bad=1
	fi
	echo "# $name: $good passed, $bad failed, $left skipped, in $((SECONDS - started)) s"
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
}

# single ok|'not ok'|skip NAME [WHY]: a test that is no program
single()
{
	case $1 in
	ok) passed=$((passed + 1)) ;;
	skip) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
	case $1 in
	skip) echo "  ok - $2 # SKIP ${3-}" ;;
	*) echo "  $1 - $2" ;;
	esac
	[ "$1" != 'not ok' ] || printf '%s\n' "${3-}" | sed 's/^/    # /'
}

# groups_end NAME: the last line, which is kept in $log/NAME too, and the runner's status
groups_end()
{
	local line="$passed passed, $failed failed"

	[ "$skipped" -eq 0 ] || line+=", $skipped skipped"
	echo "$line" | tee "$log/$1"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
