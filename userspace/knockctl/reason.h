/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_REASON_H
#define _KNOCKCTL_REASON_H

#include <knock/platform.h>
#include <linux/knock.h>

/* Each returns a text for any number. */
const char *reason_word(u8 reason);
const char *reason_sentence(u8 reason);
const char *reason_sequence_sentence(u8 reason);

#endif /* _KNOCKCTL_REASON_H */
