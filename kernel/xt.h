/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_XT_H
#define _KNOCK_XT_H

int knock_xt_init(void);
void knock_xt_exit(void);

#endif /* _KNOCK_XT_H */
