#include "ccrypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "memory.h"

size_t muster_copy_out(BIO *bio, char *target, size_t capacity) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(bio, &bytes);
    if (length <= 0 || (size_t)length > capacity) return 0;
    for (long index = 0; index < length; index++) target[index] = bytes[index];
    return (size_t)length;
}

// A passphrase prompt would block a daemon: an encrypted key is refused instead.
static int no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

EVP_PKEY *muster_read_key(const void *pem, size_t length) {
    if (length == 0 || length > INT_MAX) return NULL;
    BIO *bio = BIO_new_mem_buf(pem, (int)length);
    if (!bio) return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    return key;
}

size_t muster_key_generate(char *pem, size_t capacity) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_secmem());
    size_t length = 0;
    if (key && bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
        length = muster_copy_out(bio, pem, capacity);
    BIO_free(bio);
    EVP_PKEY_free(key);
    return length;
}

int muster_key_is_valid(const void *pem, size_t length) {
    EVP_PKEY *key = muster_read_key(pem, length);
    EVP_PKEY_free(key);
    return key != NULL;
}

static X509_REQ *signed_request(EVP_PKEY *key, const char *name) {
    X509_REQ *request = X509_REQ_new();
    if (!request) return NULL;
    X509_NAME *subject = X509_REQ_get_subject_name(request);
    if (X509_REQ_set_version(request, 0) == 1 && subject
        && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1
        && X509_REQ_set_pubkey(request, key) == 1 && X509_REQ_sign(request, key, EVP_sha256()) > 0)
        return request;
    X509_REQ_free(request);
    return NULL;
}

size_t muster_request_make(const void *key, size_t key_length, const char *name, char *pem, size_t capacity) {
    EVP_PKEY *private_key = muster_read_key(key, key_length);
    if (!private_key) return 0;
    X509_REQ *request = signed_request(private_key, name);
    BIO *bio = BIO_new(BIO_s_mem());
    size_t length = 0;
    if (request && bio && PEM_write_bio_X509_REQ(bio, request) == 1) length = muster_copy_out(bio, pem, capacity);
    BIO_free(bio);
    X509_REQ_free(request);
    EVP_PKEY_free(private_key);
    return length;
}
