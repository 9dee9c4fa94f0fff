# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# A disk whose power can be cut: ext4 in a file. Wants ktap.sh.

DISK=/tmp/disk

# disk_make DIRECTORY: an empty one, mounted there
disk_make()
{
	command -v mkfs.ext4 > /dev/null || skip_all "the guest has no mkfs.ext4"
	modprobe -q -a loop ext4 || skip_all "the guest's kernel has no ext4, or no loop"
	# Without inodes for later it is written in a moment.
	must mkfs.ext4 -q -b 1024 -N 128 -J size=1 -E lazy_itable_init=0 "$DISK" 4M
	disk_mount "$1"
}

# What nobody syncs is not written for hours, be it before a rename or behind it.
disk_mount()
{
	must mount -t ext4 -o loop,commit=10000,noauto_da_alloc "$DISK" "$1"
}

# disk_cut DIRECTORY: what has not come to the disk there is lost; nobody may use it
disk_cut()
{
	must cp "$DISK" "$DISK.cut"
	must umount "$1"
	must mv "$DISK.cut" "$DISK"
	disk_mount "$1"
}
