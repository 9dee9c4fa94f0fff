/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_CONFIRM_H
#define _KNOCKCTL_CONFIRM_H

#include <signal.h>
#include <stdint.h>

#define CONFIRM_WHY_SIZE 128

void confirm_hold_signals(sigset_t *before);
bool confirm_wait(uint32_t seconds, char why[CONFIRM_WHY_SIZE]);

#endif /* _KNOCKCTL_CONFIRM_H */
