# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Listings while others come and go: whoever makes these adds a line to /tmp/rounds each
# time all of them have come. Wants ktap.sh.

# rounds: how often the others have come so far
rounds()
{
	wc -l < /tmp/rounds
}

# slowly: reads the beginning, and the rest when others have come and gone; what a
# pipe holds is a tenth of the whole at most
slowly()
{
	local some from

	IFS= read -r -N 3000 some
	from=$(rounds)
	rounds_passed()
	{
		[ "$(rounds)" -ge $((from + 2)) ]
	}
	wait_until 120 "others have come" rounds_passed >&2
	printf '%s' "$some"
	cat
}
