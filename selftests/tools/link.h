/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_LINK_H
#define _SELFTESTS_LINK_H

#include <sys/uio.h>

#include "frame.h"

int link_open(const char *device, bool receive);
struct iovec link_keep(const struct frame *frame);
void link_send(int fd, const struct iovec *frames, size_t count);
void link_check_drops(int fd);
u64 link_now_ms(void);
u64 link_now_ns(void);

#endif /* _SELFTESTS_LINK_H */
