// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "complain.h"
#include "record.h"

static char *copy(const char *text)
{
	char *duplicate = strdup(text);

	if (!duplicate) {
		complain("out of memory, nothing more can be printed; free some and try again");
		exit(1);
	}
	return duplicate;
}

static struct field *add(struct record *record, const char *name, enum field_kind kind)
{
	struct field *field;

	if (record->count == RECORD_FIELDS_MAX)
		abort();
	field = &record->field[record->count++];
	memset(field, 0, sizeof(*field));
	field->name = name;
	field->kind = kind;
	return field;
}

/**
 * record_text() - add a text
 * @record: to add to
 * @name: of the field
 * @text: copied; NULL is absent
 */
void record_text(struct record *record, const char *name, const char *text)
{
	struct field *field = add(record, name, text ? FIELD_TEXT : FIELD_ABSENT);

	if (text)
		field->text = copy(text);
}

/**
 * record_number() - add a number
 * @record: to add to
 * @name: of the field
 * @number: below 2^53, so that every reader of JSON has it exactly
 */
void record_number(struct record *record, const char *name, uint64_t number)
{
	add(record, name, FIELD_NUMBER)->number = number;
}

/**
 * record_time() - add a time
 * @record: to add to
 * @name: of the field
 * @seconds: unix time; 0 is absent
 */
void record_time(struct record *record, const char *name, uint64_t seconds)
{
	char text[TIME_TEXT_SIZE];

	format_time(text, seconds);
	record_text(record, name, seconds ? text : NULL);
}

/**
 * record_list() - add a list of texts
 * @record: to add to
 * @name: of the field
 * @text: the texts, separated by commas; "" is an empty list
 */
void record_list(struct record *record, const char *name, const char *text)
{
	add(record, name, FIELD_LIST)->text = copy(text);
}

/**
 * record_record() - add a record
 * @record: to add to
 * @name: of the field
 * @inner: must stay until @record is cleared
 */
void record_record(struct record *record, const char *name, const struct record *inner)
{
	add(record, name, FIELD_RECORD)->record = inner;
}

/**
 * record_absent() - add a field without a value
 * @record: to add to
 * @name: of the field
 */
void record_absent(struct record *record, const char *name)
{
	add(record, name, FIELD_ABSENT);
}

/**
 * record_clear() - make a record empty
 * @record: to clear
 */
void record_clear(struct record *record)
{
	size_t i;

	for (i = 0; i < record->count; i++) {
		/* It may be the secret of a new key. */
		if (record->field[i].text)
			explicit_bzero(record->field[i].text, strlen(record->field[i].text));
		free(record->field[i].text);
	}
	record->count = 0;
}

/**
 * record_cell() - a field as people read it
 * @field: not of FIELD_RECORD
 *
 * Return: a text to be freed.
 */
char *record_cell(const struct field *field)
{
	char number[24];

	switch (field->kind) {
	case FIELD_TEXT:
		return copy(field->text);
	case FIELD_LIST:
		return copy(*field->text ? field->text : "none");
	case FIELD_NUMBER:
		snprintf(number, sizeof(number), "%" PRIu64, field->number);
		return copy(number);
	default:
		return copy("-");
	}
}

static void print_json_string(FILE *stream, const char *text, size_t length)
{
	size_t i;

	putc('"', stream);
	for (i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte == '"' || byte == '\\')
			fprintf(stream, "\\%c", byte);
		else if (byte < 0x20 || byte >= 0x7f)
			fprintf(stream, "\\u%04x", byte);
		else
			putc(byte, stream);
	}
	putc('"', stream);
}

static void print_json_list(FILE *stream, const char *text)
{
	size_t length;

	putc('[', stream);
	while (*text) {
		length = strcspn(text, ",");
		print_json_string(stream, text, length);
		text += length;
		if (*text) {
			fputs(", ", stream);
			text++;
		}
	}
	putc(']', stream);
}

static void print_json_field(FILE *stream, const struct field *field)
{
	switch (field->kind) {
	case FIELD_ABSENT:
		fputs("null", stream);
		break;
	case FIELD_TEXT:
		print_json_string(stream, field->text, strlen(field->text));
		break;
	case FIELD_NUMBER:
		fprintf(stream, "%" PRIu64, field->number);
		break;
	case FIELD_LIST:
		print_json_list(stream, field->text);
		break;
	case FIELD_RECORD:
		record_print_json(stream, field->record);
		break;
	}
}

/**
 * record_print_json() - write a record as a JSON object, on one line
 * @stream: where to; no newline is added
 * @record: to write
 */
void record_print_json(FILE *stream, const struct record *record)
{
	size_t i;

	putc('{', stream);
	for (i = 0; i < record->count; i++) {
		if (i)
			fputs(", ", stream);
		print_json_string(stream, record->field[i].name, strlen(record->field[i].name));
		fputs(": ", stream);
		print_json_field(stream, &record->field[i]);
	}
	putc('}', stream);
}
