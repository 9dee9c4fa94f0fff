/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_STOP_H
#define _TUMBLER_STOP_H

#include <stdbool.h>

bool stop_catch(void);
void stop_cuts(int connection);
bool stop_asked(void);
int stop_descriptor(void);

#endif /* _TUMBLER_STOP_H */
