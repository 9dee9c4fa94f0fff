/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_CHECK_H
#define _KNOCKCTL_CHECK_H

#include <stdio.h>

#include "config.h"
#include "knockctl.h"

void print_faults(FILE *stream, struct faults *faults);
bool read_files(struct config *config, const struct invocation *invocation,
		struct faults *faults);

#endif /* _KNOCKCTL_CHECK_H */
