#ifndef MUSTER_CCRYPTO_MEMORY_H
#define MUSTER_CCRYPTO_MEMORY_H

#include <openssl/bio.h>
#include <openssl/evp.h>

/// Copies what was written into a memory BIO; returns its length, 0 when it is empty or over `capacity`.
size_t muster_copy_out(BIO *bio, char *target, size_t capacity);

/// The private key in `pem`; NULL when there is none. The caller frees it.
EVP_PKEY *muster_read_key(const void *pem, size_t length);

#endif
