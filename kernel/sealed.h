/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_KERNEL_SEALED_H
#define _KNOCK_KERNEL_SEALED_H

#include <linux/knock.h>

struct knock_cost;
struct knock_packet;
struct knock_record;
struct knock_tables;

enum knock_reason knock_sealed_offer(struct knock_tables *tables,
				     const struct knock_packet *packet,
				     struct knock_record *record, struct knock_cost *cost);

#endif /* _KNOCK_KERNEL_SEALED_H */
