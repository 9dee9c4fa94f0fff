// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"

static bool make_room(struct faults *faults)
{
	size_t room = faults->room ? 2 * faults->room : 16;
	struct fault *fault;

	if (faults->count < faults->room)
		return true;
	fault = reallocarray(faults->fault, room, sizeof(*fault));
	if (!fault)
		return false;
	faults->fault = fault;
	faults->room = room;
	return true;
}

/**
 * faults_add() - note that something is wrong in a file
 * @faults: where to
 * @file: its path, copied
 * @line: from 1; 0 if it is the file as a whole
 * @format: a sentence, which must not quote a secret
 */
void faults_add(struct faults *faults, const char *file, unsigned int line, const char *format,
		...)
{
	struct fault fault = { .line = line };
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&fault.why, format, arguments);
	va_end(arguments);
	if (length < 0)
		fault.why = NULL;
	fault.file = strdup(file);
	if (fault.why && fault.file && make_room(faults)) {
		faults->fault[faults->count++] = fault;
		return;
	}
	free(fault.why);
	free(fault.file);
	faults->lost = true;
}

static int compare(const void *left, const void *right)
{
	const struct fault *a = left, *b = right;
	int order = strcmp(a->file, b->file);

	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return strcmp(a->why, b->why);
}

/**
 * faults_sort() - by file, then by line
 * @faults: the faults
 */
void faults_sort(struct faults *faults)
{
	if (faults->count)
		qsort(faults->fault, faults->count, sizeof(*faults->fault), compare);
}

/**
 * faults_clear() - forget them all
 * @faults: all-zero afterwards
 */
void faults_clear(struct faults *faults)
{
	size_t i;

	for (i = 0; i < faults->count; i++) {
		free(faults->fault[i].file);
		free(faults->fault[i].why);
	}
	free(faults->fault);
	memset(faults, 0, sizeof(*faults));
}
