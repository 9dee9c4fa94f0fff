/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_CONFIG_SERIES_H
#define _LIB_CONFIG_SERIES_H

#include "config.h"

/* Words that only sequence keys have; @object is the key. */
bool parse_static(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_once(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_derived(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_steps(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_within(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_avoid(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_depth(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_unbound(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_location(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_slot(void *object, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_ahead(void *object, const char *text, char why[PARSE_WHY_SIZE]);

const char *config_series_fault(const struct config_key *key);

#endif /* _LIB_CONFIG_SERIES_H */
