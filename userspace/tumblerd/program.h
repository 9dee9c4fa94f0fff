/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_PROGRAM_H
#define _TUMBLERD_PROGRAM_H

#include "words.h"

/* Where programs are, for commands and for what these start; nobody but root writes there. */
#define PROGRAM_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

bool program_find(struct words *words, char why[WORDS_WHY_SIZE]);

#endif /* _TUMBLERD_PROGRAM_H */
