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

// One name a line; what is no DNS name and no address is left out, and so is a DNS name with a control character.
static void write_names(BIO *out, X509 *certificate) {
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int index = 0; names && index < sk_GENERAL_NAME_num(names) && index < 1000; index++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
        if (name->type == GEN_DNS) {
            const unsigned char *text = ASN1_STRING_get0_data(name->d.dNSName);
            int length = ASN1_STRING_length(name->d.dNSName);
            int plain = length > 0 && length < 256;
            for (int place = 0; plain && place < length; place++) plain = text[place] > 0x20 && text[place] < 0x7f;
            if (plain) BIO_printf(out, "name=%.*s\n", length, (const char *)text);
        } else if (name->type == GEN_IPADD) {
            const unsigned char *octets = ASN1_STRING_get0_data(name->d.iPAddress);
            int length = ASN1_STRING_length(name->d.iPAddress);
            if (length == 4) BIO_printf(out, "name=%d.%d.%d.%d\n", octets[0], octets[1], octets[2], octets[3]);
            if (length == 16) {
                BIO_puts(out, "name=");
                for (int place = 0; place < 16; place += 2)
                    BIO_printf(out, place ? ":%x" : "%x", octets[place] << 8 | octets[place + 1]);
                BIO_puts(out, "\n");
            }
        }
    }
    GENERAL_NAMES_free(names);
}

size_t muster_certificate_describe(const void *bytes, size_t length, char *text, size_t capacity) {
    X509 *certificate = read_certificate(bytes, length);
    BIO *out = certificate ? BIO_new(BIO_s_mem()) : NULL;
    size_t written = 0;
    if (out) {
        // Escapes everything that could end the line, and leaves UTF-8 as it is.
        unsigned long form = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
        BIO_puts(out, "subject=");
        X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0, form);
        BIO_puts(out, "\nissuer=");
        X509_NAME_print_ex(out, X509_get_issuer_name(certificate), 0, form);
        BIO_puts(out, "\nserial=");
        i2a_ASN1_INTEGER(out, X509_get_serialNumber(certificate));
        BIO_puts(out, "\n");
        write_names(out, certificate);
        written = muster_copy_out(out, text, capacity);
        BIO_free(out);
    }
    X509_free(certificate);
    return written;
}
