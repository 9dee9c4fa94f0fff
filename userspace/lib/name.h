/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_NAME_H
#define _LIB_NAME_H

#include <stdbool.h>
#include <string.h>

/* A name with its NUL; what the kernel has as KNOCK_NAME_SIZE, for programs without its headers. */
#define NAME_SIZE 32

#define NAME_LETTERS_AND_DIGITS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/**
 * name_is_good() - whether a text can name a door or a key
 * @name: the text
 *
 * The kernel's own rule, here as well so that a typing error is answered
 * before anything is asked of the kernel.
 *
 * Return: true if it has 1 to 31 of A-Za-z0-9_.- and begins with a letter or digit.
 */
static inline bool name_is_good(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < NAME_SIZE &&
	       strspn(name, NAME_LETTERS_AND_DIGITS "_.-") == length &&
	       strspn(name, NAME_LETTERS_AND_DIGITS) > 0;
}

#endif /* _LIB_NAME_H */
