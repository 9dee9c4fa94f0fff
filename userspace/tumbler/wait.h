/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_WAIT_H
#define _TUMBLER_WAIT_H

#include "target.h"

u32 wait_minute_now(void);
u64 wait_uptime_ms(void);
void wait_until_uptime(u64 ms);
void wait_for_minute(u32 minute);
bool wait_port_answers(const struct target_list *targets, u16 port, int timeout_ms,
		       int *connection);

#endif /* _TUMBLER_WAIT_H */
