/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_REQUESTS_H
#define _TOOLS_REQUESTS_H

#include "refusal.h"

#define REQUESTS_MAX 40
#define REQUESTS_KNOCK_PORT 8675

extern const unsigned char requests_loopback[16];

void request_add(struct request *request, int type, const void *data, size_t length,
		 bool required);
void request_add_text(struct request *request, int type, const char *text, bool required);
void request_add_u32(struct request *request, int type, uint32_t value);
void request_add_settings(struct request *request, bool services_required);
struct request request_make(const char *name, int command, const char *door);
struct request request_make_key(const char *key, const char *secret);
struct request request_make_sealed(const char *key, uint8_t byte);
bool requests_set_up(void);
size_t requests_good(struct request good[REQUESTS_MAX]);

#endif /* _TOOLS_REQUESTS_H */
