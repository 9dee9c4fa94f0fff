# SPDX-License-Identifier: GPL-2.0
# A thin front: the module is built by Kbuild, the programs by
# userspace/Makefile, and every test has a runner of its own in selftests/.
VERSION	:= $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
BUILD	?= $(CURDIR)/build
PREFIX	?= /usr/local
DESTDIR	?=
INSTALL	?= install
PKG_CONFIG ?= pkg-config
DKMS	?= dkms

# The running kernel's headers, else (in a container, under a foreign kernel)
# the newest that are installed. Not :=, they may be installed by `make check'.
KDIR	?= $(or $(wildcard /lib/modules/$(shell uname -r)/build),$\
	$(lastword $(shell ls -d /lib/modules/*/build/ 2>/dev/null | sort -V)))
KRELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)

# iptables looks for extensions where it was built to, whatever PREFIX is.
XTLIBDIR ?= $(shell $(PKG_CONFIG) --variable=xtlibdir xtables)
# systemd looks for units in these two, whatever PREFIX is.
UNITDIR	?= $(if $(filter /usr /usr/local,$(PREFIX)),$(PREFIX),/usr/local)/lib/systemd/system
# And for modules to load at boot in their neighbour.
MODLOADDIR ?= $(patsubst %/systemd/system,%/modules-load.d,$(UNITDIR))
UNITS	= $(notdir $(wildcard userspace/systemd/*.service))
MANPAGES = $(wildcard $(foreach s,1 5 7 8,Documentation/man/*.$(s)))
DKMS_SRC = /usr/src/xt_knock-$(VERSION)

all: modules userspace

modules: kdir
	+$(MAKE) -C $(KDIR) M=$(CURDIR) modules

userspace:
	+$(MAKE) -f userspace/Makefile BUILD=$(BUILD)

kdir:
	@[ -n "$(KDIR)" ] || { echo 'make: no kernel headers are installed, so there is' \
		'nothing to build the module against; run selftests/install-deps build' \
		'or give KDIR=' >&2; exit 1; }

install: userspace install-unit
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(XTLIBDIR)
	$(INSTALL) $(BUILD)/bin/knockctl $(BUILD)/bin/tumblerd $(DESTDIR)$(PREFIX)/sbin/
	$(INSTALL) $(BUILD)/bin/tumbler $(DESTDIR)$(PREFIX)/bin/
	$(INSTALL) -m 644 $(BUILD)/xtables/libxt_knock.so $(BUILD)/xtables/libxt_KNOCK.so \
		$(DESTDIR)$(XTLIBDIR)/
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(INSTALL) -m 644 userspace/completion/* \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/
	set -e; for page in $(MANPAGES); do \
		$(INSTALL) -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page; \
	done

# By itself for tests, which need no program built for it.
install-unit:
	$(INSTALL) -d $(DESTDIR)$(UNITDIR) $(DESTDIR)$(MODLOADDIR)
	$(INSTALL) -m 644 userspace/systemd/xt_knock.conf $(DESTDIR)$(MODLOADDIR)/
	set -e; for unit in $(UNITS); do \
		sed 's,/usr/local/sbin/,$(PREFIX)/sbin/,' userspace/systemd/$$unit \
			> $(DESTDIR)$(UNITDIR)/$$unit; \
	done

modules_install: modules
	+$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		modules_install

# The sources alone, so that what was built in this tree is not carried along.
# With DESTDIR nothing is built: a package does that where it is installed.
dkms-install: kdir
ifeq ($(DESTDIR),)
	if $(DKMS) status xt_knock/$(VERSION) | grep -q .; then \
		$(DKMS) remove xt_knock/$(VERSION) --all; fi
endif
	rm -rf $(DESTDIR)$(DKMS_SRC)
	set -e; for f in Kbuild dkms.conf COPYING $$(find include kernel -name '*.h' -o \
			-name 'Kbuild*' -o -name '*.c' ! -name '*.mod.c'); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)$(DKMS_SRC)/$$f; \
	done
ifeq ($(DESTDIR),)
	$(DKMS) add xt_knock/$(VERSION)
	$(DKMS) build xt_knock/$(VERSION) -k $(KRELEASE)
	$(DKMS) install xt_knock/$(VERSION) -k $(KRELEASE)
endif

# A make of its own builds: what it depends on may be installed only now.
check:
	selftests/install-deps build check lint
	+$(MAKE) all
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/check

check-debug:
	selftests/install-deps build check debug
	+$(MAKE) all
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/check --debug

check-uml:
	selftests/install-deps build check debug
	+$(MAKE) all
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/check --uml

# What takes longer than anybody waits for: the module and namespaces come and go
# 100 times in a kernel that watches them; rules are restored 500 times by each
# iptables, and doors loaded; a hundred thousand grants are listed; 100 000 bogus knocks
# allocate nothing; 200 crashes cut a knock loop short, and 200 kills and power cuts a loop
# of knocks and hand-overs; a thousand connections crowd the agent.
check-long:
	selftests/install-deps build check debug
	+$(MAKE) all
	selftests/unit/captured build
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --uml --name long --env ROUNDS=100 \
		--timeout 10800 --scenario-timeout 10000 80-lifecycle
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --name long-stock --env ROUNDS=500 \
		--timeout 10800 --scenario-timeout 10000 82-restore 83-load 41-dump-many
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --name long-allocation --env BOGUS=100000 \
		--timeout 10800 --scenario-timeout 10000 52-allocation
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --name long-crashes --env ROUNDS=200 \
		--timeout 10800 --scenario-timeout 10000 48-state
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --icount --name long-cut --env ROUNDS=200 \
		--timeout 10800 --scenario-timeout 10000 97-cut
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --name long-crowd --env CONNECTIONS=1000 \
		--env REQUESTS=1000 --env ROUNDS=10 --timeout 10800 --scenario-timeout 10000 98-crowd

# A million changed netlink requests, in a kernel that watches itself.
fuzz:
	selftests/install-deps build check debug
	+$(MAKE) all
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/vm/run --uml --name fuzz --env MESSAGES=1000000 \
		--timeout 10800 --scenario-timeout 10000 55-fuzz

# The module and its scenarios in other kernels than this machine's; SERIES=6.12: in one.
matrix:
	selftests/install-deps build matrix
	+$(MAKE) userspace
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/matrix/run $(SERIES)

# Ratios of two ways to do the same thing, measured in one run.
bench:
	selftests/install-deps build check
	+$(MAKE) all
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/bench/run

demo:
	selftests/install-deps build demo
	+$(MAKE) all
	KVER=$$($(MAKE) -s print-KRELEASE) selftests/demo/run

lint:
	selftests/install-deps build lint
	selftests/lint/run

# For scripts that are to use the same kernel: print-KDIR, print-KRELEASE.
print-%:
	@echo $($*)

clean:
	if [ -n "$(KDIR)" ]; then $(MAKE) -C $(KDIR) M=$(CURDIR) clean; fi
	rm -rf $(BUILD)

help:
	@echo 'Building, as any user:'
	@echo '  all              modules and userspace (the default)'
	@echo '  modules          xt_knock.ko, against KDIR=$(KDIR)'
	@echo '  userspace        knockctl, tumbler, tumblerd and the iptables extensions, into $(BUILD)'
	@echo '  clean            remove all that was built'
	@echo 'Installing, as root or into DESTDIR=:'
	@echo '  install          programs, extension and manual pages, PREFIX=$(PREFIX)'
	@echo '  modules_install  the module, for the kernel of KDIR'
	@echo '  dkms-install     the module, for this kernel and all later ones'
	@echo 'Trying it; these install the Debian packages they miss, which takes root:'
	@echo '  bench            a file through tumbler --connect, and through openssl'
	@echo '  demo             hides a server in a virtual machine, and knocks'
	@echo '  check            lint, unit tests, scenarios in the stock kernel'
	@echo '  check-debug      the scenarios in a kernel with KASAN, lockdep and kmemleak'
	@echo '  check-uml        the same in user-mode Linux, a few times as fast'
	@echo '  check-long       module and namespaces come and go 100 times there; rules'
	@echo '                   are restored 500 times under traffic; 10 000 knocks look random;'
	@echo '                   200 crashes use no number twice'
	@echo '  fuzz             a million changed netlink requests there'
	@echo '  matrix           builds for kernels 5.10 to 7.x, and scenarios in each; DKMS'
	@echo '  lint             static checks only'

.PHONY: all modules userspace kdir install install-unit modules_install dkms-install \
	check check-debug check-uml check-long fuzz matrix bench demo lint clean help
