# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# How a kernel that watches everything the module does is built, and the module for
# it: what kernel-debug and kernel-uml have in common. Whoever sources it, behind
# env.sh, sets what follows, and calls watched_kernel.
#
# Kernels are cached by configuration, patches, Debian's source package and compiler.
# The module is built in a copy under build/KIND, since its objects would take the
# place of those for Debian's kernel.

kind=		# a name for output and messages
fragments=()	# the configuration
target=		# what make calls the image
make_args=()	# for every make
# patch_tree()	changes the source tree it gets (optional)

series=$(echo "$KVER" | grep -o '^[0-9]*\.[0-9]*')
package=linux-source-$series

source_version()
{
	apt-cache policy "$package" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# The source tree, unpacked from the installed package or from a downloaded one.
source_tree()
{
	local tree=$CACHE/$package-$version tarball part

	cache_lock linux-source
	if [ ! -e "$tree/done" ]; then
		part=$tree.part
		rm -rf "$part" "$tree"
		mkdir -p "$part"
		tarball=/usr/src/$package.tar.xz
		if [ ! -e "$tarball" ] || [ "$(dpkg-query -W -f '${Version}' "$package")" != "$version" ]; then
			fetch_package "$package=$version" "$part/deb"
			dpkg-deb -x "$part"/deb/*.deb "$part/root"
			tarball=$part/root/usr/src/$package.tar.xz
		fi
		echo "unpacking $package $version" >&2
		tar -xJf "$tarball" -C "$part" --strip-components 1
		rm -rf "$part/deb" "$part/root"
		mv "$part" "$tree"
		touch "$tree/done"
	fi
	echo "$tree"
}

# The same tree with changes of ours: all other files are links.
patched_tree()
{
	local tree=$out.source

	rm -rf "$tree"
	cp -al "$1" "$tree"
	patch_tree "$tree"
	echo "$tree"
}

# A fragment that kconfig ignores would leave something unwatched.
check_config()
{
	local line missing=''

	while read -r line; do
		grep -qxF "$line" "$1/.config" || missing+=" $line"
	done < <(grep '^CONFIG_\|^# CONFIG_' "$1/all.frag")
	[ -z "$missing" ] || die "the kernel's configuration did not take:$missing"
}

build_kernel()
{
	local tree

	tree=$(source_tree)
	[ "$(type -t patch_tree)" != function ] || tree=$(patched_tree "$tree")
	mkdir -p "$out"
	cat "${fragments[@]}" > "$out/all.frag"
	echo "building the $kind kernel: some minutes, once (log: $out/build.log)" >&2
	make -C "$tree" O="$out" "${make_args[@]}" KCONFIG_ALLCONFIG="$out/all.frag" allnoconfig \
		> "$out/build.log" 2>&1
	check_config "$out"
	if ! make -C "$tree" O="$out" "${make_args[@]}" -j"$(nproc)" "$target" modules \
		>> "$out/build.log" 2>&1; then
		tail -n 20 "$out/build.log" >&2
		die "the $kind kernel does not build: see $out/build.log"
	fi
	touch "$out/done"
}

# unwipe DIR: that copy of the sources, but secrets are left where they were
unwipe()
{
	find "$1"/{kernel,include} -name '*.[ch]' -exec sed -i \
		-e 's/\<kfree_sensitive(/kfree(/' -e 's/\<memzero_explicit(\([^,]*\),/(void)(\1, /' {} +
}

# build_module default|unwiped
build_module()
{
	local copy=$BUILD/$kind/module log=$BUILD/log/$kind-module.log

	mkdir -p "$BUILD/log"
	if [ "$1" = unwiped ]; then
		copy=$BUILD/$kind/unwiped
		rm -rf "$copy"
	fi
	module_sources "$copy"
	[ "$1" != unwiped ] || unwipe "$copy"
	if ! make -C "$out" "${make_args[@]}" M="$copy" -j"$(nproc)" UBSAN_SANITIZE=y modules \
		> "$log" 2>&1; then
		cat "$log" >&2
		die "the module does not build for the $kind kernel: see above"
	fi
	echo "$copy/xt_knock.ko"
}

# watched_kernel IMAGE [default|unwiped|FILE]: make both, print their paths
watched_kernel()
{
	version=$(source_version)
	[ -n "$version" ] || die "no package $package: run apt-get update"
	out=$CACHE/$kind-$( { cat "${fragments[@]}"; declare -f patch_tree || true; echo "$package $version"
		gcc --version; } | hash_of)
	cache_lock "kernel-$kind"
	[ -e "$out/done" ] || build_kernel
	echo "$out/$1"
	case ${2:-} in
	'') ;;
	default|unwiped) build_module "$2" ;;
	*) echo "$2" ;;
	esac
}
