/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_PORTS_H
#define _TUMBLER_PORTS_H

#include <knock/sequence.h>

#include "profile.h"

bool ports_of_once(struct knock_sequence *sequence, const struct profile *profile,
		   const struct book_entry *entry, const struct knock_address *source);
bool ports_of_derived(struct knock_sequence *sequence, const struct profile *profile,
		      const struct knock_fields *fields, const struct knock_address *source);

#endif /* _TUMBLER_PORTS_H */
