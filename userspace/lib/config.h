/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_CONFIG_H
#define _LIB_CONFIG_H

#include "fault.h"
#include "fingerprint.h"
#include "moment.h"
#include "parse.h"
#include "prefix.h"
#include "secret.h"
#include "series.h"
#include "x25519.h"

/*
 * The configuration: doors with their keys and secrets, a file each, as
 * knock.conf(5) describes them. Whatever holds one is wiped by config_wipe().
 */

#define CONFIG_SUFFIX ".conf"
#define CONFIG_DEFAULT "/etc/knock"
#define CONFIG_DOORS "doors"
#define STATE_DEFAULT "/var/lib/knock"

/* As many as a namespace holds. */
#define CONFIG_DOORS_MAX 4096
#define CONFIG_KEYS_MAX 65536

/**
 * struct config_key - a key as its section says
 * @name: its name; empty if the section's name is none
 * @line: where its section begins, 0 if it comes from no file
 * @given: bit N is set if word N was said, see config_word.c
 * @type: of enum knock_key_type
 * @action: of enum knock_key_action
 * @roaming: its clients need not know their address; the agent opens the door to them
 * @generated: knockctl made the secret
 * @known: @fingerprint is set
 * @fingerprint: what the module shows of it
 * @skew: seconds
 * @max_grants: addresses it may be used from at once
 * @not_after: unix seconds after which it is refused, 0 for never
 * @from: where its knocks may come from, anywhere if there are none
 * @paired: its secret is made of the server's private key and @public_key, when needed
 * @public_key: the client's
 * @secret: of length 0 if it is not known, or if there is none: a static sequence's ports
 *	are its secret
 * @series: of a sequence key
 * @handed: of a once key, the highest number that its client was given
 * @number: of a once key, the highest that was used
 * @armed: of a once key, the highest that is good
 * @begun: both are written, to be added so
 */
struct config_key {
	char name[KNOCK_NAME_SIZE];
	unsigned int line;
	unsigned int given;
	u8 type;
	u8 action;
	bool roaming;
	bool generated;
	bool known;
	u8 fingerprint[FINGERPRINT_SIZE];
	u32 skew;
	u32 max_grants;
	u64 not_after;
	struct prefix_list from;
	bool paired;
	unsigned char public_key[X25519_SIZE];
	struct secret secret;
	struct series series;
	u64 handed;
	u64 number;
	u64 armed;
	bool begun;
};

/**
 * struct config_door - a door as its file says
 * @name: its name
 * @path: of its file, for faults; NULL if it comes from none
 * @line: where its section begins
 * @given: bit N is set if word N was said
 * @opens: services
 * @mark: what admitted packets get; of mask 0 if nothing
 * @open_for: seconds
 * @blacklist_for: seconds that a replayed sequence is banned for
 * @max_grants: how many it holds
 * @knock_port: where its knocks come to
 * @agent: TCP port of the agent, which is one of its services too; 0 for none
 * @keys: how many there are
 * @room: how many @key has room for
 * @key: its keys, in the order of the file
 */
struct config_door {
	char name[KNOCK_NAME_SIZE];
	char *path;
	unsigned int line;
	unsigned int given;
	struct service_list opens;
	struct mark mark;
	u32 open_for;
	u32 blacklist_for;
	u32 max_grants;
	u16 knock_port;
	u16 agent;
	size_t keys;
	size_t room;
	struct config_key *key;
};

/**
 * struct config - several doors
 * @doors: how many
 * @room: how many @door has room for
 * @door: the doors
 */
struct config {
	size_t doors;
	size_t room;
	struct config_door *door;
};

/* config.c: in memory; those that return NULL had none */
void config_door_init(struct config_door *door, const char *name);
void config_door_wipe(struct config_door *door);
bool config_door_copy(struct config_door *to, const struct config_door *from);
void config_key_init(struct config_key *key, const char *name);
struct config_key *config_key_add(struct config_door *door, const char *name);
struct config_key *config_key_find(const struct config_door *door, const char *name);
bool config_key_is_known(const struct config_key *key);
bool config_key_is_once(const struct config_key *key);
bool config_key_has_binary_secret(const struct config_key *key);
void config_key_del(struct config_door *door, struct config_key *key);
struct config_key **config_key_index(const struct config_door *door);
struct config_door *config_door_add(struct config *config, const char *name);
void config_door_services(const struct config_door *door, struct service_list *services);
void config_door_drop_agent(struct config_door *door);
const char *config_door_fault(const struct config_door *door);
bool config_door_opens_any(const struct config_door *door);
struct config_door *config_door_find(const struct config *config, const char *name);
void config_sort(struct config *config);
void config_wipe(struct config *config);

/* config_word.c: the words of files and the long options are the same */
bool config_door_word(struct config_door *door, const char *word, const char *text,
		      char why[PARSE_WHY_SIZE]);
bool config_key_word(struct config_key *key, const char *word, const char *text,
		     char why[PARSE_WHY_SIZE]);
void config_key_settle(struct config_key *key);
bool config_key_avoid(struct config_key *key, const struct config_door *door);
const char *config_key_fault(const struct config_key *key);
void config_door_say_all(struct config_door *door);
bool config_door_says(const struct config_door *door, const char *word);
bool config_key_says(const struct config_key *key, const char *word);

/* config_read.c: files */
bool config_read_door(struct config_door *door, const char *path, struct faults *faults);
bool config_read_applied(struct config_door *door, const char *path, struct faults *faults);
bool config_read_all(struct config *config, const char *directory, struct faults *faults);

/* config_check.c: keys beside each other */
void config_check_secrets(const struct config *config, struct faults *faults);
void config_check_sequences(const struct config *config, struct faults *faults);

/* config_write.c: files, by a hidden one that takes the place of the old */
char *config_format(const struct config_door *door);
bool config_write_text(int directory, const char *name, const char *text);
bool config_write_new(int directory, const struct config_door *door);
bool config_write_commit(int directory, const char *name);
void config_write_abort(int directory, const char *name);
bool config_hide(int directory, const char *name);
bool config_unhide(int directory, const char *name);
void config_forget(int directory, const char *name);

#endif /* _LIB_CONFIG_H */
