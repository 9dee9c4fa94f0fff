// SPDX-License-Identifier: GPL-2.0
#include "complain.h"
#include "listing.h"

/**
 * listing_begin() - begin a listing
 * @listing: to set up
 * @json: whether it is for a program
 */
void listing_begin(struct listing *listing, bool json)
{
	*listing = (struct listing){ .json = json };
	if (json)
		putchar('[');
}

static bool make_table(struct listing *listing, const struct record *record)
{
	size_t i;

	listing->table = scols_new_table();
	if (!listing->table)
		return false;
	for (i = 0; i < record->count; i++) {
		int flags = record->field[i].kind == FIELD_NUMBER ? SCOLS_FL_RIGHT : 0;

		if (!scols_table_new_column(listing->table, record->field[i].name, 0, flags))
			return false;
	}
	return true;
}

static bool add_line(struct listing *listing, const struct record *record)
{
	struct libscols_line *line;
	size_t i;

	if (!listing->table && !make_table(listing, record))
		return false;
	line = scols_table_new_line(listing->table, NULL);
	if (!line)
		return false;
	for (i = 0; i < record->count; i++)
		/* The line owns the cell's text from here on. */
		if (scols_line_refer_data(line, i, record_cell(&record->field[i])))
			return false;
	return true;
}

/**
 * listing_add() - add a record
 * @listing: begun
 * @record: with the same names as those before; copied
 *
 * Return: false if there was no memory, which was printed.
 */
bool listing_add(struct listing *listing, const struct record *record)
{
	listing->rows++;
	if (listing->json) {
		fputs(listing->rows > 1 ? ",\n " : "\n ", stdout);
		record_print_json(stdout, record);
		return true;
	}
	if (add_line(listing, record))
		return true;
	complain("out of memory, the list is cut short; use --json, which needs none");
	return false;
}

/**
 * listing_end() - print what is left to print
 * @listing: begun
 *
 * Return: false if that failed, which was printed.
 */
bool listing_end(struct listing *listing)
{
	bool good = true;

	if (listing->json)
		puts(listing->rows ? "\n]" : "]");
	else if (listing->table)
		good = !scols_print_table(listing->table);
	scols_unref_table(listing->table);
	listing->table = NULL;
	if (fflush(stdout) || !good) {
		complain("the list cannot be written: %m");
		return false;
	}
	return true;
}
