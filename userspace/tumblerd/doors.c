// SPDX-License-Identifier: GPL-2.0
/*
 * Doors that tumblerd itself makes, since its file says [door-NAME] and a secret: they
 * open nothing, so all that a knock does is what their command does.
 */
#include <errno.h>

#include <knock/window.h>

#include "complain.h"
#include "doors.h"

/* By its key a door is known to be one of these. */
#define KEY_NAME "tumblerd"

/* The shortest there is: with each minute's knock the command is run anew. */
#define OPEN_FOR_SEC 1

static struct nl_msg *begin(struct netlink *netlink, int command, const char *door)
{
	struct nl_msg *message = netlink_message(netlink, command, 0);

	if (message && nla_put_string(message, KNOCK_A_DOOR_NAME, door)) {
		netlink_discard(message);
		message = NULL;
	}
	return message;
}

/* A message that something did not fit into is none. */
static struct nl_msg *whole(struct nl_msg *message, bool complete)
{
	if (message && !complete) {
		netlink_discard(message);
		message = NULL;
	}
	return message;
}

static int set_door(struct netlink *netlink, int command, const char *door, u16 port,
		    char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = begin(netlink, command, door);
	bool complete;

	complete = message && !nla_put(message, KNOCK_A_DOOR_SERVICES, 0, "") &&
		   !nla_put_u32(message, KNOCK_A_DOOR_OPEN_FOR_SEC, OPEN_FOR_SEC) &&
		   !nla_put_u16(message, KNOCK_A_DOOR_KNOCK_PORT, port);
	return netlink_try(netlink, whole(message, complete), NULL, NULL, why);
}

static int add_key(struct netlink *netlink, const struct door_settings *door,
		   char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = begin(netlink, KNOCK_CMD_KEY_ADD, door->name);
	bool complete;

	complete = message && !nla_put_string(message, KNOCK_A_KEY_NAME, KEY_NAME) &&
		   !nla_put_u8(message, KNOCK_A_KEY_TYPE, KNOCK_KEY_TYPE_TUMBLER) &&
		   !nla_put_u8(message, KNOCK_A_KEY_ACTION, KNOCK_KEY_ACTION_OPEN) &&
		   !nla_put(message, KNOCK_A_KEY_SECRET, (int)door->secret.length,
			    door->secret.bytes) &&
		   !nla_put_u32(message, KNOCK_A_KEY_SKEW_SEC, KNOCK_SKEW_TUMBLER);
	return netlink_try(netlink, whole(message, complete), NULL, NULL, why);
}

static int ask_key(struct netlink *netlink, int command, const char *door,
		   char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = begin(netlink, command, door);

	message = whole(message, message && !nla_put_string(message, KNOCK_A_KEY_NAME, KEY_NAME));
	return netlink_try(netlink, message, NULL, NULL, why);
}

static void delete_door(struct netlink *netlink, const char *door)
{
	char why[NETLINK_WHY_SIZE];
	int error;

	error = netlink_try(netlink, begin(netlink, KNOCK_CMD_DOOR_DEL, door), NULL, NULL, why);
	if (error && error != ENOENT)
		complain("door %s is still there: %s", door, why);
}

static bool make(struct netlink *netlink, const struct door_settings *door, u16 port)
{
	char why[NETLINK_WHY_SIZE];
	int error;

	/* What is left of a tumblerd that was killed; its secret may be another. */
	error = ask_key(netlink, KNOCK_CMD_KEY_DEL, door->name, why);
	if (error && error != ENOENT) {
		complain("door %s: %s", door->name, why);
		return false;
	}
	error = set_door(netlink, error ? KNOCK_CMD_DOOR_ADD : KNOCK_CMD_DOOR_SET, door->name,
			 port, why);
	if (error == EEXIST) {
		complain("door %s was made by knockctl; write [door %s] for its command, and no secret",
			 door->name, door->name);
		return false;
	}
	if (!error) {
		error = add_key(netlink, door, why);
		if (error)
			delete_door(netlink, door->name);
	}
	if (error)
		complain("door %s: %s", door->name, why);
	return !error;
}

static void unmake(struct netlink *netlink, const struct settings *settings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (settings->door[i].made)
			delete_door(netlink, settings->door[i].name);
}

/**
 * doors_make() - make the doors that have secrets in the file
 * @netlink: the connection
 * @settings: the file
 *
 * Return: true; false if one cannot be made, with the sentence printed: then none is.
 */
bool doors_make(struct netlink *netlink, const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->doors; i++) {
		if (!settings->door[i].made || make(netlink, &settings->door[i], settings->port))
			continue;
		unmake(netlink, settings, i);
		return false;
	}
	return true;
}

/**
 * doors_mend() - make those anew that are gone
 * @netlink: the connection
 * @settings: the file
 *
 * The doors are in no file of knockctl, which deletes them when it loads these.
 *
 * Return: true; false if one cannot be made, with the sentence printed.
 */
bool doors_mend(struct netlink *netlink, const struct settings *settings)
{
	char why[NETLINK_WHY_SIZE];
	bool good = true;
	size_t i;

	for (i = 0; i < settings->doors; i++) {
		const struct door_settings *door = &settings->door[i];

		if (!door->made || ask_key(netlink, KNOCK_CMD_KEY_GET, door->name, why) != ENOENT)
			continue;
		complain("door %s is gone, it is made again", door->name);
		good &= make(netlink, door, settings->port);
	}
	return good;
}

/**
 * doors_unmake() - delete what doors_make() made
 * @netlink: the connection
 * @settings: the file
 */
void doors_unmake(struct netlink *netlink, const struct settings *settings)
{
	unmake(netlink, settings, settings->doors);
}
