#ifndef MUSTER_CCRYPTO_H
#define MUSTER_CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4) of `length` bytes into 32 bytes at `digest`; 1 on success.
int muster_sha256(const void *bytes, size_t length, uint8_t *digest);

/// Fills `length` bytes from libcrypto's random generator; 1 on success.
int muster_random(void *bytes, size_t length);

/// Makes a P-256 private key and writes it as PKCS #8 PEM into `pem`; returns its length, 0 on failure.
size_t muster_key_generate(char *pem, size_t capacity);

/// 1 when `pem` is a private key that can be used, else 0.
int muster_key_is_valid(const void *pem, size_t length);

/// Writes a PKCS #10 request (RFC 2986) in PEM, signed with SHA-256 by `key` (PEM), its subject the common name
/// `name`; returns its length, 0 on failure.
size_t muster_request_make(const void *key, size_t key_length, const char *name, char *pem, size_t capacity);

/// What the agent needs to know of a certificate; all copied.
struct muster_certificate {
    /// Validity in seconds since 1970.
    int64_t not_before;
    int64_t not_after;
    /// SHA-256 of the DER form.
    uint8_t sha256[32];
    /// The subject's common name, cut at 255 bytes, with NUL at the end; empty where there is none.
    char common_name[256];
    /// 1 where basic constraints say that it is an authority.
    int is_authority;
};

/// Reads a certificate (PEM or DER); 1 on success.
int muster_certificate_read(const void *bytes, size_t length, struct muster_certificate *info);

/// Describes a certificate (PEM or DER) in lines of `NAME=VALUE`: subject, issuer (RFC 2253, UTF-8, control characters
/// escaped), serial (hexadecimal), and a `name=` for each DNS name and address it is for; returns the text's length, 0 on
/// failure or when it does not fit.
size_t muster_certificate_describe(const void *bytes, size_t length, char *text, size_t capacity);

/// Writes the certificate (PEM or DER) as PEM; returns its length, 0 on failure.
size_t muster_certificate_pem(const void *bytes, size_t length, char *pem, size_t capacity);

/// 1 when the certificate holds the public half of `key`, 0 when not or when either cannot be read.
int muster_certificate_matches_key(const void *certificate, size_t length, const void *key, size_t key_length);

/// 1 when `authority` signed `certificate`, 0 when not or when either cannot be read. Dates are not looked at.
int muster_certificate_signed_by(
    const void *certificate, size_t length, const void *authority, size_t authority_length);

#endif
