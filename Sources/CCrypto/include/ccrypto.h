#ifndef MUSTER_CCRYPTO_H
#define MUSTER_CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4) of `length` bytes into 32 bytes at `digest`; 1 on success.
int muster_sha256(const void *bytes, size_t length, uint8_t *digest);

/// Fills `length` bytes from libcrypto's random generator; 1 on success.
int muster_random(void *bytes, size_t length);

#endif
