#include "ccrypto.h"

#include <limits.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "memory.h"

static X509 *read_certificate(const void *bytes, size_t length) {
    if (length == 0 || length > INT_MAX) return NULL;
    const unsigned char *start = bytes;
    // DER of a certificate begins with a SEQUENCE (0x30), PEM with text.
    if (start[0] == 0x30) {
        const unsigned char *cursor = start;
        X509 *certificate = d2i_X509(NULL, &cursor, (long)length);
        if (certificate && cursor != start + length) {
            X509_free(certificate);
            return NULL;
        }
        return certificate;
    }
    BIO *bio = BIO_new_mem_buf(bytes, (int)length);
    if (!bio) return NULL;
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return certificate;
}

static int seconds_of(const ASN1_TIME *time, int64_t *seconds) {
    struct tm parts;
    memset(&parts, 0, sizeof parts);
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    *seconds = (int64_t)timegm(&parts);
    return 1;
}

int muster_certificate_read(const void *bytes, size_t length, struct muster_certificate *info) {
    X509 *certificate = read_certificate(bytes, length);
    if (!certificate) return 0;
    memset(info, 0, sizeof *info);
    unsigned int size = 0;
    int read = seconds_of(X509_get0_notBefore(certificate), &info->not_before)
        && seconds_of(X509_get0_notAfter(certificate), &info->not_after)
        && X509_digest(certificate, EVP_sha256(), info->sha256, &size) == 1 && size == 32;
    X509_NAME_get_text_by_NID(
        X509_get_subject_name(certificate), NID_commonName, info->common_name, sizeof info->common_name);
    info->is_authority = X509_check_ca(certificate) == 1;
    X509_free(certificate);
    return read;
}

size_t muster_certificate_pem(const void *bytes, size_t length, char *pem, size_t capacity) {
    X509 *certificate = read_certificate(bytes, length);
    if (!certificate) return 0;
    BIO *bio = BIO_new(BIO_s_mem());
    size_t written = 0;
    if (bio && PEM_write_bio_X509(bio, certificate) == 1) written = muster_copy_out(bio, pem, capacity);
    BIO_free(bio);
    X509_free(certificate);
    return written;
}

int muster_certificate_matches_key(const void *certificate, size_t length, const void *key, size_t key_length) {
    X509 *parsed = read_certificate(certificate, length);
    EVP_PKEY *private_key = muster_read_key(key, key_length);
    int matches = parsed && private_key && X509_check_private_key(parsed, private_key) == 1;
    X509_free(parsed);
    EVP_PKEY_free(private_key);
    return matches;
}

int muster_certificate_signed_by(
    const void *certificate, size_t length, const void *authority, size_t authority_length) {
    X509 *leaf = read_certificate(certificate, length);
    X509 *issuer = read_certificate(authority, authority_length);
    int genuine = leaf && issuer && X509_check_issued(issuer, leaf) == X509_V_OK
        && X509_verify(leaf, X509_get0_pubkey(issuer)) == 1;
    X509_free(leaf);
    X509_free(issuer);
    return genuine;
}
