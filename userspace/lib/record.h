/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_RECORD_H
#define _LIB_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "moment.h"

#define RECORD_FIELDS_MAX 64

enum field_kind {
	FIELD_ABSENT,
	FIELD_TEXT,
	FIELD_NUMBER,
	FIELD_LIST,
	FIELD_RECORD,
};

/**
 * struct field - one value with its name
 * @name: as in JSON, and as a table's heading; not copied
 * @kind: what is set
 * @text: of FIELD_TEXT; of FIELD_LIST, separated by commas; owned
 * @number: of FIELD_NUMBER
 * @record: of FIELD_RECORD; not owned
 */
struct field {
	const char *name;
	enum field_kind kind;
	char *text;
	uint64_t number;
	const struct record *record;
};

/**
 * struct record - what is told about one object, in order
 * @count: fields used
 * @field: the fields
 *
 * The one source of table lines and JSON objects, so the names in both are the
 * same. Begin with an all-zero one.
 */
struct record {
	size_t count;
	struct field field[RECORD_FIELDS_MAX];
};

void record_text(struct record *record, const char *name, const char *text);
void record_number(struct record *record, const char *name, uint64_t number);
void record_time(struct record *record, const char *name, uint64_t seconds);
void record_list(struct record *record, const char *name, const char *text);
void record_record(struct record *record, const char *name, const struct record *inner);
void record_absent(struct record *record, const char *name);
void record_clear(struct record *record);
char *record_cell(const struct field *field);
void record_print_json(FILE *stream, const struct record *record);

#endif /* _LIB_RECORD_H */
