/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's macros that look like no C, in terms that cppcheck understands.
 * Its own headers would take minutes, for hundreds of configurations.
 */
#ifndef _KNOCK_CPPCHECK_H
#define _KNOCK_CPPCHECK_H

#define __KERNEL__		1

#define __acquires(lock)
#define __aligned(bytes)
#define __exit
#define __init
#define __must_hold(lock)
#define __net_exit
#define __net_init
#define __packed
#define __percpu
#define __rcu
#define __read_mostly
#define __releases(lock)
#define __ro_after_init
#define __user

void *cppcheck_any(void);
int cppcheck_some(void);

#define CPPCHECK_EACH(pos)	for ((pos) = cppcheck_any(); cppcheck_some(); \
				     (pos) = cppcheck_any())

#define for_each_online_cpu(cpu)	for ((cpu) = 0; cppcheck_some(); (cpu)++)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; cppcheck_some(); (cpu)++)

#define hlist_for_each_entry(pos, ...)		CPPCHECK_EACH(pos)
#define hlist_for_each_entry_rcu(pos, ...)	CPPCHECK_EACH(pos)
#define hlist_for_each_entry_safe(pos, n, ...)	CPPCHECK_EACH(pos)
#define list_for_each_entry(pos, ...)		CPPCHECK_EACH(pos)
#define list_for_each_entry_rcu(pos, ...)	CPPCHECK_EACH(pos)
#define list_for_each_entry_safe(pos, n, ...)	CPPCHECK_EACH(pos)
#define nla_for_each_nested(pos, ...)		CPPCHECK_EACH(pos)
#define xa_for_each(xa, index, pos)		CPPCHECK_EACH(pos)

#define knock_chain_for_each_rcu(pos, ...)	CPPCHECK_EACH(pos)

#endif /* _KNOCK_CPPCHECK_H */
