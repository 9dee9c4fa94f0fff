// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "complain.h"

static const char *speaker = "xt_knock";

void complain_as(const char *program)
{
	speaker = program;
}

void complain(const char *format, ...)
{
	int error = errno;
	va_list arguments;

	/* What was printed so far comes first, where both go to one place. */
	fflush(stdout);
	fprintf(stderr, "%s: ", speaker);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	errno = error;
}
