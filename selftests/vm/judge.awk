# SPDX-License-Identifier: GPL-2.0
# Reads the KTAP of one guest, completes it where the guest could not, and ends
# with "N passed, N failed, N skipped". A result that has results of its own below
# it counts only if none of those says why it failed.
#   -v scenarios="a b c"	what was asked for
#   -v why="text"		how the guest ended, if it did not come to its end
function tally(line)
{
	if (line ~ /# SKIP/)
		skipped++
	else if (line ~ /^not ok / && line !~ /# TODO/)
		failed++
	else
		passed++
}

{
	sub(/\r$/, "")
}
/^# Subtest: / {
	current = $3
	below = below_failed = 0
}
/^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
}
/^# guest: end / {
	ended = 1
}
/^ +(ok|not ok) / {
	line = $0
	sub(/^ +/, "", line)
	before = failed
	tally(line)
	below++
	below_failed += failed - before
}
/^(ok|not ok) / {
	number = ($1 == "ok") ? $2 : $3
	name = ($1 == "ok") ? $3 : $4
	reported[name] = 1
	if (name != current || !below || ($1 == "not" && !below_failed))
		tally($0)
	current = ""
}
END {
	n = split(scenarios, asked, " ")
	for (i = 1; i <= n; i++) {
		sub(/\.sh$/, "", asked[i])
		if (!(asked[i] in reported)) {
			print "not ok " ++number " " asked[i] " never finished: " why
			failed++
		}
	}
	if (!ended) {
		print "not ok " ++number " guest-end: " (why ? why : "the guest stopped early")
		failed++
	} else if (number != plan) {
		print "not ok " ++number " plan: " plan " results were announced"
		failed++
	}
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed ? 1 : 0
}
