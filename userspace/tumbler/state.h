/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_STATE_H
#define _TUMBLER_STATE_H

#include "target.h"

bool state_claim(const struct target *target, const struct url *url, u32 minute, u32 *next);
void state_release(const struct target *target, const struct url *url, u32 minute);

#endif /* _TUMBLER_STATE_H */
