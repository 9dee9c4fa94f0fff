// SPDX-License-Identifier: GPL-2.0
/*
 * TLS 1.3 between two that know each other's public key. Certificates are only what
 * carries these, since libssl 3.0 has no raw ones: each makes its own, and nobody looks
 * at what else is in the other's. Sessions are not resumed, and nothing is said early.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sslerr.h>
#include <openssl/x509.h>

#include "hand_over.h"
#include "tls.h"

/* A certificate of one small key takes a third of this. */
#define CERTIFICATES_MAX 1024

/* Its length, and the name. */
static const unsigned char alpn[] = "\x09" HAND_OVER_ALPN;

#define ALPN_SIZE (sizeof(alpn) - 1)

static EVP_PKEY *make_pair(const unsigned char key[TLS_KEY_SIZE])
{
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, TLS_KEY_SIZE);
}

/* The least that is one. */
static X509 *make_certificate(EVP_PKEY *pair)
{
	X509 *certificate = X509_new();
	X509_NAME *name = certificate ? X509_get_subject_name(certificate) : NULL;

	if (name && X509_set_version(certificate, X509_VERSION_3) &&
	    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) &&
	    ASN1_TIME_set_string(X509_getm_notBefore(certificate), "19700101000000Z") &&
	    ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z") &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
				       (const unsigned char *)"tumbler", -1, -1, 0) &&
	    X509_set_issuer_name(certificate, name) && X509_set_pubkey(certificate, pair) &&
	    X509_sign(certificate, pair, NULL))
		return certificate;
	X509_free(certificate);
	return NULL;
}

static bool find_pin(unsigned char pin[TLS_PIN_SIZE], X509 *certificate)
{
	EVP_PKEY *public_key = X509_get0_pubkey(certificate);
	unsigned char *text = NULL;
	int length;
	bool good;

	if (!public_key || EVP_PKEY_get_base_id(public_key) != EVP_PKEY_ED25519)
		return false;
	length = i2d_PUBKEY(public_key, &text);
	good = length > 0 && EVP_Digest(text, (size_t)length, pin, NULL, EVP_sha256(), NULL) == 1;
	OPENSSL_free(text);
	return good;
}

/*
 * In the place of all that libssl would say of a certificate. That the other side has
 * the private key it proves later in the handshake.
 */
static int verify(X509_STORE_CTX *store, void *data)
{
	X509 *certificate = X509_STORE_CTX_get0_cert(store);
	unsigned char pin[TLS_PIN_SIZE];
	struct tls *tls = data;

	if (!certificate || !find_pin(pin, certificate) ||
	    (tls->pinned && CRYPTO_memcmp(pin, tls->pin, sizeof(pin)))) {
		X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
		return 0;
	}
	memcpy(tls->pin, pin, sizeof(pin));
	return 1;
}

static int select_alpn(SSL *ssl, const unsigned char **out, unsigned char *length,
		       const unsigned char *in, unsigned int size, void *data)
{
	unsigned char *chosen = NULL;

	(void)ssl;
	(void)data;
	if (SSL_select_next_proto(&chosen, length, alpn, ALPN_SIZE, in, size) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static bool limit(SSL_CTX *context)
{
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
					     SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
					  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					  SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_cert_list(context, CERTIFICATES_MAX);
	return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) &&
	       SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) &&
	       SSL_CTX_set_num_tickets(context, 0) && SSL_CTX_set_max_early_data(context, 0) &&
	       SSL_CTX_set1_groups_list(context, "X25519") &&
	       SSL_CTX_set1_sigalgs_list(context, "ed25519");
}

/* Not of the context, where it would stay as long as the connection. */
static bool use_key(SSL *ssl, const unsigned char key[TLS_KEY_SIZE])
{
	EVP_PKEY *pair = make_pair(key);
	X509 *certificate = pair ? make_certificate(pair) : NULL;
	bool good;

	good = certificate && SSL_use_certificate(ssl, certificate) == 1 &&
	       SSL_use_PrivateKey(ssl, pair) == 1;
	X509_free(certificate);
	EVP_PKEY_free(pair);
	return good;
}

static bool prepare(struct tls *tls, const SSL_METHOD *method, int descriptor,
		    const unsigned char key[TLS_KEY_SIZE])
{
	ERR_clear_error();
	/* What an administrator has in openssl.cnf is about other protocols. */
	if (!OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL))
		return false;
	tls->context = SSL_CTX_new(method);
	if (!tls->context || !limit(tls->context))
		return false;
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(tls->context, verify, tls);
	SSL_CTX_set_alpn_select_cb(tls->context, select_alpn, NULL);
	if (SSL_CTX_set_alpn_protos(tls->context, alpn, ALPN_SIZE))
		return false;
	tls->ssl = SSL_new(tls->context);
	return tls->ssl && use_key(tls->ssl, key) && SSL_set_fd(tls->ssl, descriptor);
}

/* Whether the other side has ended the connection without a word. */
static bool is_cut(const struct tls *tls, int result)
{
	int error = SSL_get_error(tls->ssl, result);

	return error == SSL_ERROR_SYSCALL ||
	       (error == SSL_ERROR_SSL &&
		ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

/* Whether both agreed on all that has to be. */
static bool is_done(struct tls *tls, int result)
{
	const unsigned char *chosen;
	unsigned int length;

	tls->cut = is_cut(tls, result);
	/* Our key is of no use any more, and a stream may last for days. */
	SSL_certs_clear(tls->ssl);
	if (result != 1)
		return false;
	SSL_get0_alpn_selected(tls->ssl, &chosen, &length);
	tls->known = length == ALPN_SIZE - 1 && !memcmp(chosen, alpn + 1, length);
	return tls->known;
}

/**
 * tls_connect() - be the client of a connection
 * @tls: to set up; to be freed, whatever comes of it
 * @descriptor: of a socket, connected; one that does not wait has libssl give up
 * @key: ours
 * @pin: the other side's
 *
 * Nothing of ours is told to who has not this pin.
 *
 * Return: true if the handshake is done.
 */
bool tls_connect(struct tls *tls, int descriptor, const unsigned char key[TLS_KEY_SIZE],
		 const unsigned char pin[TLS_PIN_SIZE])
{
	memset(tls, 0, sizeof(*tls));
	tls->pinned = true;
	memcpy(tls->pin, pin, sizeof(tls->pin));
	return prepare(tls, TLS_client_method(), descriptor, key) &&
	       is_done(tls, SSL_connect(tls->ssl));
}

/**
 * tls_accept() - be the server of a connection
 * @tls: to set up; to be freed, whatever comes of it; who the other side is stands in it
 * @descriptor: of a socket, connected
 * @key: ours
 *
 * Return: true if the handshake is done.
 */
bool tls_accept(struct tls *tls, int descriptor, const unsigned char key[TLS_KEY_SIZE])
{
	memset(tls, 0, sizeof(*tls));
	return prepare(tls, TLS_server_method(), descriptor, key) &&
	       is_done(tls, SSL_accept(tls->ssl));
}

/**
 * tls_read() - read so many bytes
 * @tls: done with its handshake
 * @bytes: receives them
 * @size: how many
 *
 * Return: true; false if fewer came, which are not to be used.
 */
bool tls_read(struct tls *tls, void *bytes, size_t size)
{
	unsigned char *at = bytes;
	size_t got;

	for (; size; at += got, size -= got)
		if (SSL_read_ex(tls->ssl, at, size, &got) != 1)
			return false;
	return true;
}

/**
 * tls_write() - write bytes
 * @tls: done with its handshake
 * @bytes: what to write
 * @size: how many
 *
 * Return: true; false if not all are on their way.
 */
bool tls_write(struct tls *tls, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	size_t put;

	for (; size; at += put, size -= put)
		if (SSL_write_ex(tls->ssl, at, size, &put) != 1)
			return false;
	return true;
}

/* The socket stays open. */
void tls_free(struct tls *tls)
{
	SSL_free(tls->ssl);
	SSL_CTX_free(tls->context);
	ERR_clear_error();
	memset(tls, 0, sizeof(*tls));
}
