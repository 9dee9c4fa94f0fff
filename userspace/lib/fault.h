/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_FAULT_H
#define _LIB_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct fault - something that is wrong in a file
 * @file: its path
 * @line: from 1; 0 if it is the file as a whole
 * @why: a sentence: what, why, and the mend
 */
struct fault {
	char *file;
	unsigned int line;
	char *why;
};

/**
 * struct faults - all that is wrong; begin with an all-zero one
 * @count: how many there are
 * @room: how many @fault has room for
 * @lost: there are more, but no memory to tell them
 * @fault: in the order they were found, until faults_sort()
 */
struct faults {
	size_t count;
	size_t room;
	bool lost;
	struct fault *fault;
};

void faults_add(struct faults *faults, const char *file, unsigned int line, const char *format,
		...) __attribute__((format(printf, 4, 5)));
void faults_sort(struct faults *faults);
void faults_clear(struct faults *faults);

#endif /* _LIB_FAULT_H */
