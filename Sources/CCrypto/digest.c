#include "ccrypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

int muster_sha256(const void *bytes, size_t length, uint8_t *digest) {
    unsigned int size = 0;
    return EVP_Digest(bytes, length, digest, &size, EVP_sha256(), NULL) == 1 && size == 32;
}

int muster_random(void *bytes, size_t length) {
    if (length > INT_MAX) return 0;
    return RAND_bytes(bytes, (int)length) == 1;
}
