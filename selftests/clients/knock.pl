#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Knocks, and says whether knocks are good: a client, and half a server, in Perl with its
# core modules, written from Documentation/protocol.rst alone.
#
# usage: knock.pl tumbler --secret-file FILE WHAT [OPTION]...
#        knock.pl sealed --open DOOR|--close DOOR [--for SECONDS] KEY WHAT [OPTION]...
#        knock.pl key --door DOOR KEY         print the 32 bytes that knocks are made with
#
# WHAT is HOST [PORT]     knock there; PORT is 8675 unless given
#         --print         write the datagram to standard output
#         --verify        read a datagram and print `good', and what it says, or `refused'
#                         and the rule that it breaks; for sealed with --door DOOR
# KEY is  --key-file FILE                         base64 of 32 bytes
#         --private-file FILE --public BASE64     own key for X25519 and the other side's;
#                                                 --as-server: the own one is the server's
#
#   --source ADDR   from where the server sees the datagram come; needed but with HOST
#   --time T        seconds since 1970, a point and nanoseconds may follow; default: now
#   --skew S        of --verify; default: 5 for tumbler, 90 for sealed
#   --guard T       of --verify: nothing older is good
#   --roaming       of --verify: address :: is good, too
#   --random HEX    of 32 bytes, for tests: never give the same ones twice
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256 sha256 sha256_hex);
use FindBin;
use Getopt::Long qw(GetOptionsFromArray :config no_auto_abbrev no_ignore_case);
use MIME::Base64 qw(decode_base64);
use POSIX qw(floor);
use Socket qw(:addrinfo AF_INET AF_INET6 SOCK_DGRAM inet_pton sockaddr_family
	      unpack_sockaddr_in unpack_sockaddr_in6);
use Time::HiRes qw(clock_gettime CLOCK_REALTIME usleep);
use lib $FindBin::Bin;
use Primitives qw(aead_tag chacha20 x25519 x25519_public);

my %o = (for => 0, guard => 0);

sub fail
{
	my ($why, $status) = @_;

	print STDERR "knock.pl: $why\n";
	exit($status // 1);
}

sub usage { fail("$_[0]; knock.pl --help tells the options", 2) }

# verdict WORDS: of --verify
sub verdict
{
	print "@_\n";
	exit($_[0] eq 'good' ? 0 : 1);
}

sub file_bytes
{
	my ($name) = @_;

	open(my $file, '<:raw', $name) or fail("$name can't be read: $!");
	local $/;
	return readline($file) // '';
}

# address_bytes TEXT: 16 of them, IPv4 as ::ffff:a.b.c.d
sub address_bytes
{
	my ($text) = @_;

	return "\0" x 10 . "\xff\xff" . inet_pton(AF_INET, $text) if inet_pton(AF_INET, $text // '');
	return inet_pton(AF_INET6, $text // '') // fail("'$text' is no address");
}

# address_text BYTES: as TUMBLER1 hashes it
sub address_text
{
	my ($bytes) = @_;
	my $points = join('.', unpack('x12 C4', $bytes));

	return $points if $bytes =~ /^\0{10}\xff\xff/s;
	return "::$points" if $bytes =~ /^\0{12}(?!\0\0)/s;
	my $text = join(':', map { sprintf '%x', $_ } unpack('n8', $bytes));
	my ($longest) = sort { length $b <=> length $a or $-[0] } ($text =~ /\b(0(?::0)+)\b/g);

	return $text if !defined $longest;
	$text =~ s/(^|:)\Q$longest\E(:|$)/::/;
	return $text;
}

# target HOST PORT: a socket there, and the address that it sends from
sub target
{
	my ($error, @found) = getaddrinfo($_[0], $_[1], { socktype => SOCK_DGRAM });

	fail("$_[0] is not found: $error") if $error;
	for my $at (@found) {
		socket(my $socket, $at->{family}, SOCK_DGRAM, 0) or next;
		connect($socket, $at->{addr}) or next;
		my $own = getsockname($socket);
		return ($socket, "\0" x 10 . "\xff\xff" . (unpack_sockaddr_in($own))[1])
			if sockaddr_family($own) == AF_INET;
		return ($socket, (unpack_sockaddr_in6($own))[1]);
	}
	fail("there is no way to $_[0]: $!");
}

sub tumbler_digest
{
	my ($minute) = @_;
	my (undef, $min, $hour, $day, $month, $year) = gmtime($minute * 60);
	my $time = sprintf '%03d%02d%02d%02d%02d', $year, $month, $day, $hour, $min;

	return ($time, sha256_hex($time . address_text($o{address}) . $o{secret}));
}

sub tumbler_make
{
	return 'TUMBLER1: ' . (tumbler_digest(floor($o{seconds} / 60)))[1];
}

sub tumbler_verify
{
	my ($text) = @_;

	$text =~ /\ATUMBLER1: ?([0-9A-Fa-f]{64})(?:\r?\n)?\z/ or verdict('refused', 'form');
	my $sent = lc $1;
	for my $minute (floor(($o{seconds} - $o{skew}) / 60) .. floor(($o{seconds} + $o{skew}) / 60)) {
		my ($time, $digest) = tumbler_digest($minute);

		next if $digest ne $sent;
		verdict('refused', 'guard') if $minute * 60 < $o{guard};
		verdict('good', $time, address_text($o{address}));
	}
	verdict('refused', 'unproved');
}

# key_of_32 BASE64 WHAT
sub key_of_32
{
	my $key = decode_base64($_[0] // '');

	fail("$_[1] is not base64 of 32 bytes") if length $key != 32;
	return $key;
}

# sealed_key: what both sides have for the door
sub sealed_key
{
	return key_of_32(file_bytes($o{'key-file'}), $o{'key-file'}) if defined $o{'key-file'};
	usage('--key-file or --private-file is missing') if !defined $o{'private-file'};
	my $own = key_of_32(file_bytes($o{'private-file'}), $o{'private-file'});
	my $other = key_of_32($o{public}, '--public');
	my $shared = x25519($own, $other);

	fail('the two keys make none: the public key is no good one') if $shared eq "\0" x 32;
	my $salt = x25519_public($own);
	$salt = $o{'as-server'} ? $salt . $other : $other . $salt;
	my $info = 'xt_knock sealed v1' . pack('C/a*', $o{door});
	return hmac_sha256($info . "\1", hmac_sha256($shared, $salt));
}

sub hint_of { return substr(hmac_sha256('hint' . pack('Q>', $_[0]), $o{key}), 0, 8) }

sub sealed_make
{
	my $action = defined $o{open} ? 1 : defined $o{close} ? 2 : usage('--open or --close is missing');
	my $plaintext = pack('C C n N Q> N N a16 a8', 1, $action, 0, $o{for},
			     (1 << 62) + 10 + $o{seconds}, $o{nanoseconds}, 0, $o{address},
			     sha256($o{door}));
	my $random = pack('H*', $o{random} // '');

	if (!length $random) {
		open(my $source, '<:raw', '/dev/urandom') or fail("there is no /dev/urandom: $!");
		read($source, $random, 32) == 32 or fail('/dev/urandom gave too little');
	}
	my $hint = hint_of(floor($o{seconds} / 60));
	my $salt = substr(hmac_sha256("salt$random$plaintext", $o{key}), 0, 16);
	my $key = hmac_sha256("seal$hint$salt", $o{key});
	my $sealed = chacha20($key, 1, $plaintext);
	return $hint . $salt . $sealed . aead_tag($key, $sealed);
}

sub sealed_verify
{
	my ($datagram) = @_;
	my $refuse = sub { verdict('refused', @_) };

	$refuse->('size') if length $datagram != 88;
	my ($hint, $salt, $sealed, $tag) = unpack('a8 a16 a48 a16', $datagram);
	my $first = floor(($o{seconds} - $o{skew}) / 60);
	my ($minute) = grep { hint_of($_) eq $hint }
		($first < 0 ? 0 : $first) .. floor(($o{seconds} + $o{skew}) / 60) + 1;

	$refuse->('unknown-hint') if !defined $minute;
	my $key = hmac_sha256("seal$hint$salt", $o{key});
	$refuse->('tag') if aead_tag($key, $sealed) ne $tag;
	my ($version, $action, $zero, $for, $label, $nanoseconds, $zeros, $bound, $door) =
		unpack('C C n N Q> N N a16 a8', chacha20($key, 1, $sealed));
	$refuse->('content') if $version != 1 || $action < 1 || $action > 2 || $zero || $zeros ||
		$action == 2 && $for || $nanoseconds >= 1e9 ||
		$label < (1 << 62) + 10 || $label >> 63;
	my $sent = $label - (1 << 62) - 10;

	$refuse->('content') if int($sent / 60) != $minute;
	$refuse->('too-old') if $sent < $o{seconds} - $o{skew};
	$refuse->('not-yet') if $sent > $o{seconds} + $o{skew};
	$refuse->('guard') if $sent < $o{guard};
	$refuse->('other-address') if $bound ne $o{address} && !($o{roaming} && $bound eq "\0" x 16);
	$refuse->('other-door') if $door ne substr(sha256($o{door}), 0, 8);
	verdict('good', $action == 1 ? 'open' : 'close', $for,
		sprintf('%d.%09d', $sent, $nanoseconds), address_text($bound));
}

sub help
{
	open(my $own, '<', $0) or fail("$0 can't be read: $!");
	my @lines = <$own>;

	print map { s/^# ?//r } grep { /^#/ } @lines[2 .. 25];
	exit 0;
}

sub read_time
{
	my $now = $o{time};

	if (!defined $now) {
		my $clock = clock_gettime(CLOCK_REALTIME);
		$now = sprintf '%d.%09d', int $clock, ($clock - int $clock) * 1e9;
	}
	$now =~ /\A(\d+)(?:\.(\d{1,9}))?\z/ or usage("--time is to be seconds, not '$now'");
	@o{qw(seconds nanoseconds)} = ($1, ($2 // '') . '0' x (9 - length($2 // '')));
}

my $type = shift // '';
help() if $type eq '--help';
usage('it is tumbler, sealed or key first') if $type !~ /\A(?:tumbler|sealed|key)\z/;
local $SIG{__WARN__} = sub { my ($why) = @_; chomp $why; usage(lcfirst $why) };
GetOptionsFromArray(\@ARGV, \%o, qw(open=s close=s door=s for=i secret-file=s key-file=s
	private-file=s public=s as-server source=s time=s skew=i guard=i roaming random=s print
	verify)) or exit 2;
my ($host, $port) = @ARGV;
my $socket;
$o{door} //= $o{open} // $o{close};
usage('the door is missing') if $type ne 'tumbler' && !defined $o{door};
read_time();
if ($type eq 'key') {
	print unpack('H*', sealed_key()), "\n";
	exit 0;
}
binmode $_ for *STDIN, *STDOUT;
if ($o{print} || $o{verify}) {
	usage('--source is missing') if !defined $o{source};
} else {
	usage('HOST, --print or --verify is missing') if !defined $host;
	($socket, $o{address}) = target($host, $port // 8675);
}
$o{address} = address_bytes($o{source}) if defined $o{source};
$o{skew} //= $type eq 'tumbler' ? 5 : 90;
if ($type eq 'tumbler') {
	usage('--secret-file is missing') if !defined $o{'secret-file'};
	$o{secret} = file_bytes($o{'secret-file'}) =~ s/\r?\n\z//r;
	fail("$o{'secret-file'} has no secret") if !length $o{secret};
} else {
	$o{key} = sealed_key();
}
if ($o{verify}) {
	local $/;
	my $datagram = <STDIN> // '';
	$type eq 'tumbler' ? tumbler_verify($datagram) : sealed_verify($datagram);
}
my $datagram = $type eq 'tumbler' ? tumbler_make() : sealed_make();
if ($o{print}) {
	print $datagram;
	exit 0;
}
# Copies change nothing, and one of them may be lost.
for my $copy (1 .. 3) {
	send($socket, $datagram, 0) // fail("the datagram can't be sent: $!");
	usleep(200_000) if $copy < 3;
}
