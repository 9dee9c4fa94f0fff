// SPDX-License-Identifier: GPL-2.0
/* How many files may be open at once. */
#include <sys/resource.h>

#include "complain.h"
#include "descriptors.h"

/* As many as poll() can be given at once; they are never all open. */
#define DESCRIPTORS 512

/**
 * descriptors_are_enough() - have as many open at once as may be needed
 *
 * Return: false with the sentence printed.
 */
bool descriptors_are_enough(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return true;
	if (limit.rlim_cur >= DESCRIPTORS)
		return true;
	limit.rlim_cur = DESCRIPTORS;
	if (limit.rlim_max >= DESCRIPTORS && !setrlimit(RLIMIT_NOFILE, &limit))
		return true;
	complain("no more than %llu files may be open at once, and %d have to; let ulimit -Hn, or LimitNOFILE= of the unit, be more",
		 (unsigned long long)limit.rlim_max, DESCRIPTORS);
	return false;
}
