# SPDX-License-Identifier: GPL-2.0
# X25519 (RFC 7748) and ChaCha20-Poly1305 (RFC 8439), with a nonce of 0 and no further
# data, which is all that sealed knocks want. Nothing here takes constant time.
package Primitives;
use strict;
use warnings;
use Exporter 'import';
use Math::BigInt;
our @EXPORT_OK = qw(x25519 x25519_public chacha20 aead_tag);

# little BYTES: as a number
sub little
{
	return Math::BigInt->from_hex('0x' . unpack('H*', scalar reverse $_[0]));
}

# bytes_of NUMBER LENGTH: its lowest bytes, lowest first
sub bytes_of
{
	my ($number, $length) = @_;
	my $hex = substr($number->copy->bmod(Math::BigInt->new(256)->bpow($length))->as_hex, 2);

	return scalar reverse pack('H*', ('0' x (2 * $length - length $hex)) . $hex);
}

# Elements of the field are 16 digits to the base 2^16, lowest first, which may for a while
# be larger or negative; that is many times as fast as long numbers.
sub add
{
	my ($x, $y) = @_;

	return [map { $x->[$_] + $y->[$_] } 0 .. 15];
}

sub subtract
{
	my ($x, $y) = @_;

	return [map { $x->[$_] - $y->[$_] } 0 .. 15];
}

# carry DIGIT...: 2^256 is 38 here
sub carry
{
	use integer;
	my @digit = @_;

	for (1, 2) {
		my $over = 0;

		for my $digit (@digit) {
			$digit += $over;
			$over = $digit >> 16;
			$digit -= $over << 16;
		}
		$digit[0] += 38 * $over;
	}
	return \@digit;
}

sub multiply
{
	use integer;
	my ($x, $y) = @_;
	my @product = (0) x 32;

	for my $i (0 .. 15) {
		my ($factor, $at) = ($x->[$i], $i);

		$product[$at++] += $factor * $_ for @$y;
	}
	return carry(map { $product[$_] + 38 * $product[$_ + 16] } 0 .. 15);
}

# inverse ELEMENT: to the power of 2^255 - 21, whose bits are ones but for two
sub inverse
{
	my ($x) = @_;
	my $power = $x;

	for my $bit (reverse 0 .. 253) {
		$power = multiply($power, $power);
		$power = multiply($power, $x) if $bit != 2 && $bit != 4;
	}
	return $power;
}

# element_bytes ELEMENT: the least number that it is
sub element_bytes
{
	my $number = Math::BigInt->bzero;

	$number->bmul(65536)->badd($_) for reverse @{$_[0]};
	return bytes_of($number->bmod(Math::BigInt->new(2)->bpow(255)->bsub(19)), 32);
}

# x25519 SCALAR POINT: the u coordinate of the product
sub x25519
{
	my ($scalar, $point) = @_;
	my @bits = split //, unpack('b255', $scalar);
	my ($one, $none) = ([1, (0) x 15], [(0) x 16]);
	my $x1 = [unpack('v15', $point), unpack('x30 v', $point) & 0x7fff];
	my @near = ($one, $none);
	my @far = ($x1, $one);

	@bits[0, 1, 2, 254] = (0, 0, 0, 1);
	for my $bit (reverse @bits) {
		my ($p, $q) = $bit ? (\@far, \@near) : (\@near, \@far);
		my ($sum, $difference) = (add(@$p), subtract(@$p));
		my ($square_s, $square_d) = (multiply($sum, $sum), multiply($difference, $difference));
		my $cross_1 = multiply(subtract(@$q), $sum);
		my $cross_2 = multiply(add(@$q), $difference);
		my $e = subtract($square_s, $square_d);
		my $x = add($cross_1, $cross_2);
		my $z = subtract($cross_1, $cross_2);
		my $part = multiply([121665, (0) x 15], $e);

		@$q = (multiply($x, $x), multiply($x1, multiply($z, $z)));
		@$p = (multiply($square_s, $square_d), multiply($e, add($square_s, $part)));
	}
	return element_bytes(multiply($near[0], inverse($near[1])));
}

sub x25519_public
{
	return x25519($_[0], "\x09" . "\0" x 31);
}

sub quarter_round
{
	my ($state, $a, $b, $c, $d) = @_;

	for my $step ([$a, $b, $d, 16], [$c, $d, $b, 12], [$a, $b, $d, 8], [$c, $d, $b, 7]) {
		my ($to, $from, $turned, $by) = @$step;

		$state->[$to] = ($state->[$to] + $state->[$from]) & 0xffffffff;
		my $word = $state->[$turned] ^ $state->[$to];
		$state->[$turned] = (($word << $by) | ($word >> (32 - $by))) & 0xffffffff;
	}
}

# chacha20 KEY COUNTER TEXT: of 64 bytes at most
sub chacha20
{
	my ($key, $counter, $text) = @_;
	my @start = unpack('V16', 'expand 32-byte k' . $key . pack('V4', $counter, 0, 0, 0));
	my @state = @start;

	for (1 .. 10) {
		quarter_round(\@state, $_, $_ + 4, $_ + 8, $_ + 12) for 0 .. 3;
		quarter_round(\@state, $_, ($_ + 1) % 4 + 4, ($_ + 2) % 4 + 8, ($_ + 3) % 4 + 12)
			for 0 .. 3;
	}
	my $stream = pack('V16', map { ($state[$_] + $start[$_]) & 0xffffffff } 0 .. 15);
	return $text ^ substr($stream, 0, length $text);
}

# aead_tag KEY SEALED: SEALED is full blocks of 16 bytes
sub aead_tag
{
	my ($key, $sealed) = @_;
	my $one_time = chacha20($key, 0, "\0" x 32);
	my $modulus = Math::BigInt->new(2)->bpow(130)->bsub(5);
	my $r = little(substr($one_time, 0, 16) &
		       pack('H*', 'ffffff0ffcffff0ffcffff0ffcffff0f'));
	my $sum = Math::BigInt->bzero;

	for my $block (unpack('(a16)*', $sealed . pack('Q<Q<', 0, length $sealed))) {
		$sum = (($sum + little($block . "\1")) * $r) % $modulus;
	}
	return bytes_of($sum + little(substr($one_time, 16)), 16);
}

1;
