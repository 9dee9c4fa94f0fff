# SPDX-License-Identifier: GPL-2.0
# Indents a scenario's KTAP as a subtest and judges it by its lines, its plan and
# its exit status. Exit: 0 passed, 1 failed, 4 all of it skipped.
/^exit status [0-9]+$/ {
	status = $3
	next
}
/^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
	planned = 1
	if ($0 ~ /# SKIP/)
		all_skipped = 1
}
/^ok / {
	count++
}
/^not ok / {
	count++
	if ($0 !~ /# (TODO|SKIP)/)
		failed++
}
/^Bail out!/ {
	failed++
}
{
	if ($0 !~ /^(ok |not ok |1\.\.|#|KTAP |TAP |Bail out!| )/)
		$0 = "# " $0
	print "  " $0
	fflush()
}
END {
	if (!planned) {
		print "  # no plan was printed"
		failed++
	} else if (!all_skipped) {
		for (i = count + 1; i <= plan; i++) {
			print "  not ok " i " never reported"
			failed++
		}
		if (count > plan) {
			print "  # " count " results where " plan " were planned"
			failed++
		}
	}
	if (status != 0 && status != 4) {
		print "  # the script ended with status " status (status == 124 ? ", out of time" : "")
		failed++
	}
	exit failed ? 1 : (status == 4 || all_skipped) ? 4 : 0
}
