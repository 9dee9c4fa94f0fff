/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_COMPLAIN_H
#define _LIB_COMPLAIN_H

/**
 * complain_as() - name the program that complains
 * @program: its name; not copied
 */
void complain_as(const char *program);

/**
 * complain() - say on stderr what went wrong, in one line
 * @format: a sentence: what, why, and the mend; without the final newline
 *
 * The line begins with the program's name. errno is left as it was.
 */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* _LIB_COMPLAIN_H */
