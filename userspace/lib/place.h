/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PLACE_H
#define _LIB_PLACE_H

#include <stdbool.h>

/**
 * struct place - where in time and space a kernel's doors are
 * @boot: the boot's id, empty if it cannot be told
 * @namespace: the network namespace's inode, 0 if it cannot be told
 */
struct place {
	char boot[64];
	unsigned long long namespace;
};

/* Room for a namespace's name, which is that of a file. */
#define PLACE_NAME_SIZE 256

void place_here(struct place *place);
void place_name(char name[PLACE_NAME_SIZE]);
bool namespace_is_alive(unsigned long long namespace);

#endif /* _LIB_PLACE_H */
