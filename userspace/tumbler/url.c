// SPDX-License-Identifier: GPL-2.0
/*
 * What to knock on and with what. Nothing here quotes the text it reads, since
 * a part of it, whichever the user meant to, is a secret.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <knock/tumbler.h>

#include "url.h"

#define SCHEME "tumbler://"
#define KNOCK_SCHEME "knock://"
#define STRETCH "/?stretch="
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* A part of the text: not terminated. */
struct part {
	const char *at;
	size_t len;
};

/* The last @letter of a part, or NULL. */
static const char *find_last(struct part part, char letter)
{
	while (part.len--)
		if (part.at[part.len] == letter)
			return part.at + part.len;
	return NULL;
}

static bool refuse(char why[URL_WHY_SIZE], const char *sentence)
{
	snprintf(why, URL_WHY_SIZE, "%s", sentence);
	return false;
}

static int nibble(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found;

	if (digit >= 'A' && digit <= 'F')
		digit = (char)(digit - 'A' + 'a');
	found = digit ? strchr(digits, digit) : NULL;
	return found ? (int)(found - digits) : -1;
}

static bool read_secret(struct part part, struct secret *secret, char why[URL_WHY_SIZE])
{
	size_t i = 0;

	secret->length = 0;
	while (i < part.len) {
		int byte = (unsigned char)part.at[i];

		if (byte == '%') {
			int high = i + 1 < part.len ? nibble(part.at[i + 1]) : -1;
			int low = i + 2 < part.len ? nibble(part.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return refuse(why,
					      "a % in the secret has no two hex digits behind it; write %25 for a % itself");
			byte = high << 4 | low;
			i += 2;
		}
		i++;
		if (secret->length == SECRET_SIZE_MAX)
			return refuse(why, "the secret is too long, it has 1 to 255 bytes");
		secret->bytes[secret->length++] = (unsigned char)byte;
	}
	if (!secret->length)
		return refuse(why,
			      "the secret before the @ is empty; leave out the @ too to be asked for it");
	return true;
}

static bool read_port(struct part part, uint16_t *port, char why[URL_WHY_SIZE])
{
	unsigned long number = 0;
	size_t i;

	for (i = 0; i < part.len && i < 6; i++) {
		if (part.at[i] < '0' || part.at[i] > '9')
			break;
		number = number * 10 + (unsigned long)(part.at[i] - '0');
	}
	if (!part.len || i < part.len || number < 1 || number > 65535)
		return refuse(why, "the port behind the host is no number from 1 to 65535");
	*port = (uint16_t)number;
	return true;
}

static bool is_ipv6(const char *host)
{
	char address[INET6_ADDRSTRLEN];
	size_t len = strcspn(host, "%");
	struct in6_addr ignored;

	if (len >= sizeof(address))
		return false;
	memcpy(address, host, len);
	address[len] = '\0';
	if (inet_pton(AF_INET6, address, &ignored) != 1)
		return false;
	/* An interface, for a link-local address. */
	return !host[len] || (host[len + 1] && !strpbrk(host + len + 1, "%[] "));
}

/* [ADDRESS] or [ADDRESS%25INTERFACE], as RFC 6874 spells it, or with a lone %. */
static bool read_bracketed(struct part part, char host[URL_HOST_SIZE], char why[URL_WHY_SIZE])
{
	char *zone;

	if (part.len < URL_HOST_SIZE) {
		memcpy(host, part.at, part.len);
		host[part.len] = '\0';
		zone = strchr(host, '%');
		if (zone && !strncmp(zone, "%25", 3) && zone[3])
			memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
		if (is_ipv6(host))
			return true;
	}
	return refuse(why, "what is in the brackets is no IPv6 address");
}

static bool read_name(struct part part, char host[URL_HOST_SIZE], char why[URL_WHY_SIZE])
{
	if (!part.len)
		return refuse(why,
			      "the URL names no host; it is tumbler://[SECRET@]HOST[:PORT]/ or knock://HOST/PORT,...");
	if (memchr(part.at, ':', part.len))
		return refuse(why,
			      "the host has too many colons; put an IPv6 address in [brackets]");
	if (part.len >= URL_HOST_SIZE)
		return refuse(why, "the host name is too long, it has at most 255 characters");
	memcpy(host, part.at, part.len);
	host[part.len] = '\0';
	if (strspn(host, LETTERS DIGITS "-._") != part.len)
		return refuse(why,
			      "the host has a character that is in no host name; in the secret write it as % and two hex digits");
	return true;
}

static bool read_host(struct part part, struct url *url, char why[URL_WHY_SIZE])
{
	struct part host = part;
	const char *end;
	size_t used;

	url->port = KNOCK_TUMBLER_PORT;
	if (part.len && *part.at == '[') {
		end = memchr(part.at, ']', part.len);
		if (!end)
			return refuse(why, "the [ before the host's address has no ]");
		host.at++;
		host.len = (size_t)(end - host.at);
		used = host.len + 2;
		if (!read_bracketed(host, url->host, why))
			return false;
	} else {
		/* The last one, so that an address without brackets is told so. */
		end = find_last(part, ':');
		if (end)
			host.len = (size_t)(end - part.at);
		used = host.len;
		if (!read_name(host, url->host, why))
			return false;
	}
	part.at += used;
	part.len -= used;
	if (!part.len)
		return true;
	if (*part.at != ':')
		return refuse(why, "between the ] and the port there is only a colon");
	part.at++;
	part.len--;
	return read_port(part, &url->port, why);
}

static bool read_ports(const char *text, struct knock_sequence *ports, char why[URL_WHY_SIZE])
{
	switch (knock_sequence_parse(ports, text, strlen(text))) {
	case KNOCK_SEQUENCE_GOOD:
		return true;
	case KNOCK_SEQUENCE_TWICE:
		return refuse(why, "a port is there twice, each step is another one");
	case KNOCK_SEQUENCE_TOO_LONG:
		return refuse(why, "there are more than 32 ports, leave some out");
	default:
		return refuse(why,
			      "behind the host there is no list of ports; it is knock://HOST/PORT[/udp],...");
	}
}

static bool parse_knock(const char *text, struct url *url, char why[URL_WHY_SIZE])
{
	struct part authority = { text, strcspn(text, "/?#") };

	if (memchr(authority.at, '@', authority.len))
		return refuse(why, "a series of ports has no secret; it is knock://HOST/PORT,...");
	if (!read_host(authority, url, why))
		return false;
	if (authority.at[authority.len - 1] != ']' && memchr(authority.at, ':', authority.len))
		return refuse(why, "the ports stand behind the host and a slash, not behind a colon");
	text += authority.len;
	return read_ports(*text == '/' ? text + 1 : "", &url->ports, why);
}

/* What follows host and port. */
static bool read_rest(const char *rest, struct url *url, char why[URL_WHY_SIZE])
{
	if (!*rest || !strcmp(rest, "/"))
		return true;
	if (strncmp(rest, STRETCH, strlen(STRETCH)))
		return refuse(why,
			      "something follows the host; in the secret write / ? # as %2F %3F %23");
	url->has_salt = salt_parse(rest + strlen(STRETCH), &url->salt);
	return url->has_salt ||
	       refuse(why, "what follows stretch= is no salt, it has 22 letters; copy the URL as add-key printed it");
}

/**
 * url_parse() - read a URL
 * @text: tumbler://[SECRET@]HOST[:PORT]/[?stretch=SALT], or knock://HOST/PORT,...
 * @url: receives what it says; its secret is wiped on failure
 * @why: a sentence, on failure
 *
 * The secret ends at the last @ of the authority: a host has none.
 *
 * Return: true if it is well formed; false with the reason
 */
bool url_parse(const char *text, struct url *url, char why[URL_WHY_SIZE])
{
	struct part authority, secret;
	const char *at;

	memset(url, 0, sizeof(*url));
	if (!strncasecmp(text, KNOCK_SCHEME, strlen(KNOCK_SCHEME)))
		return parse_knock(text + strlen(KNOCK_SCHEME), url, why);
	if (strncasecmp(text, SCHEME, strlen(SCHEME)))
		return refuse(why,
			      "what to open begins neither with tumbler:// nor with knock://; it is tumbler://[SECRET@]HOST[:PORT]/");
	authority.at = text + strlen(SCHEME);
	authority.len = strcspn(authority.at, "/?#");
	if (!read_rest(authority.at + authority.len, url, why))
		return false;

	at = find_last(authority, '@');
	if (at) {
		secret.at = authority.at;
		secret.len = (size_t)(at - secret.at);
		authority.at = at + 1;
		authority.len -= secret.len + 1;
		url->has_secret = true;
		if (!read_secret(secret, &url->secret, why)) {
			secret_wipe(&url->secret);
			return false;
		}
	}
	if (read_host(authority, url, why))
		return true;
	secret_wipe(&url->secret);
	return false;
}
