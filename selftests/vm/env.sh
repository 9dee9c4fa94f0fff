# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Where things are, for every script that prepares or boots a guest.
#   BUILD=       output of this tree (default: build/ at the top)
#   KNOCK_CACHE= what is worth keeping between checkouts: kernels, base images
#   KVER=        the Debian kernel to boot (default: newest headers installed)
#   KERNEL_ROOT= a tree that holds it, unpacked (default: / if it is installed, or
#                one that is made in the cache)

VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$VM/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
CACHE=${KNOCK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xt_knock}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# With set -e a script would end without a word.
case $- in
*e*) trap 'echo "${0##*/}: line $LINENO failed: $BASH_COMMAND" >&2' ERR ;;
esac

# Newest kernel whose headers are here: the one the module can be built for.
default_kver()
{
	local d newest

	newest=$(for d in /lib/modules/*/build; do
		[ -e "$d" ] && basename "$(dirname "$d")"
	done | sort -V | tail -n 1)
	[ -n "$newest" ] || die "no kernel headers found: install linux-headers-amd64"
	echo "$newest"
}

KVER=${KVER:-$(default_kver)} || exit 1

# hash_of: one short hash of what comes on stdin
hash_of()
{
	sha256sum | cut -c 1-16
}

# fetch_package PACKAGE DIR: leave the Debian package's .deb in DIR
fetch_package()
{
	mkdir -p "$2"
	( cd "$2" && apt-get -qq -o APT::Sandbox::User=root download "$1" >&2 ) ||
		die "cannot download the package $1: run apt-get update, or install it"
}

# module_sources DIR: a copy of what the module is made of, to build it there; its
# objects would otherwise take the place of those for another kernel
module_sources()
{
	mkdir -p "$1"
	( cd "$TOP" && find Kbuild dkms.conf kernel include \( -name '*.[ch]' ! -name '*.mod.c' \
		-o -name 'Kbuild*' -o -name dkms.conf \) -exec cp -pu --parents -t "$1" {} + )
}

# cache_lock NAME: one builder of NAME at a time, until this process ends
cache_lock()
{
	mkdir -p "$CACHE"
	exec {cache_lock_fd}>"$CACHE/.$1.lock"
	flock "$cache_lock_fd"
}

export TOP BUILD CACHE KVER VM
