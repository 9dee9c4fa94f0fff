// SPDX-License-Identifier: GPL-2.0
/* Where a service is: its address, which is no name that somebody else answers for, and port. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"

/* The longest address, with its NUL. */
#define HOST_SIZE INET6_ADDRSTRLEN

/* Return: the port behind an address, which goes to @host; NULL if it is none. */
static const char *split(char host[HOST_SIZE], const char *text)
{
	const char *end = strrchr(text, ':');
	size_t length = end ? (size_t)(end - text) : 0;
	bool brackets = length > 2 && *text == '[' && text[length - 1] == ']';

	if (brackets) {
		text++;
		length -= 2;
	}
	if (!length || length >= HOST_SIZE)
		return NULL;
	memcpy(host, text, length);
	host[length] = '\0';
	return !brackets && strchr(host, ':') ? NULL : end + 1;
}

/**
 * settings_parse_service() - read an address and a port
 * @service: receives them
 * @text: 127.0.0.1:22 or [::1]:22
 * @why: gets a sentence if it is none
 *
 * Return: true if it is one.
 */
bool settings_parse_service(struct serve_service *service, const char *text,
			    char why[PARSE_WHY_SIZE])
{
	struct sockaddr_in6 address6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in address4 = { .sin_family = AF_INET };
	char host[HOST_SIZE];
	const char *port = split(host, text);
	u16 number;

	if (port && !parse_port(port, &number, why))
		return false;
	if (port && inet_pton(AF_INET, host, &address4.sin_addr) == 1) {
		address4.sin_port = htons(number);
		service->length = sizeof(address4);
		memcpy(&service->address, &address4, sizeof(address4));
		return true;
	}
	if (port && inet_pton(AF_INET6, host, &address6.sin6_addr) == 1) {
		address6.sin6_port = htons(number);
		service->length = sizeof(address6);
		memcpy(&service->address, &address6, sizeof(address6));
		return true;
	}
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no address and port, write 127.0.0.1:22, [::1]:22 or none", text);
	return false;
}
