# SPDX-License-Identifier: GPL-2.0
# The machine that is a process of this one: its serial lines are files, and its
# stacks hold all registers of the newest processors, twice.
CONFIG_NULL_CHAN=y
CONFIG_SSL=y
CONFIG_CON_CHAN="null"
CONFIG_SSL_CHAN="null"
CONFIG_STDERR_CONSOLE=y
CONFIG_KERNEL_STACK_ORDER=4
CONFIG_HW_RANDOM=y
CONFIG_UML_RANDOM=y
CONFIG_FRAME_POINTER=y
# CONFIG_STATIC_LINK is not set
