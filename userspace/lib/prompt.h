/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PROMPT_H
#define _LIB_PROMPT_H

#include "secret.h"

bool prompt_secret(struct secret *secret, const char *question, char why[SECRET_WHY_SIZE]);

#endif /* _LIB_PROMPT_H */
