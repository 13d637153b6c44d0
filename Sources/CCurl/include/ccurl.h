#ifndef MUSTER_CCURL_H
#define MUSTER_CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// curl's own header is not included: its `fd_set` does not import into Swift, and its setters are variadic.

/// Takes received bytes; false ends the transfer.
typedef bool (*muster_take_bytes)(void *context, const uint8_t *bytes, size_t length);
/// Gives bytes to send, at most `capacity`; 0 at the end.
typedef size_t (*muster_give_bytes)(void *context, uint8_t *buffer, size_t capacity);
/// Asked before a connection to an address (a `struct sockaddr`); false refuses it.
typedef bool (*muster_allow_address)(void *context, int family, const void *address, size_t length);

/// Bytes that curl copies.
typedef struct {
    const uint8_t *bytes;
    size_t length;
} muster_blob;

/// Everything about one transfer. Pointers need to live only during `muster_easy_configure`, except `context`.
typedef struct {
    const char *url;
    /// HTTP method; NULL for mail.
    const char *method;
    /// Complete header lines.
    const char *const *headers;
    size_t header_count;
    bool has_body;
    muster_blob body;
    /// Path of a unix socket to connect to; NULL for the network.
    const char *unix_socket;

    /// The only authorities to trust, as file or PEM; the system's where both are empty.
    const char *authorities_file;
    muster_blob authorities;
    /// Client certificate and key, as files or PEM.
    const char *certificate_file;
    const char *key_file;
    muster_blob certificate;
    muster_blob key;
    /// Only connect, do not verify, keep the certificates of the peer. Sends no application data.
    bool only_peer_chain;
    /// A connection of its own, which is not kept, so that its times and the peer's certificate are known.
    bool fresh;

    long connect_milliseconds;
    long total_milliseconds;
    /// Seconds without a byte after which the transfer ends; 0 for no such limit.
    long stall_seconds;

    /// Mail: envelope, credentials, and whether STARTTLS must succeed.
    const char *mail_from;
    const char *const *recipients;
    size_t recipient_count;
    const char *user;
    const char *password;
    bool require_tls;

    void *context;
    muster_take_bytes take_body;
    muster_take_bytes take_header;
    muster_give_bytes give_body;
    muster_allow_address allow_address;
    /// At least 256 bytes for curl's own words about an error; must outlive the transfer.
    char *error_text;
} muster_transfer;

/// What is known after a transfer.
typedef struct {
    long status;
    /// Microseconds from the start.
    int64_t connected;
    int64_t secured;
    int64_t first_byte;
    int64_t total;
    /// When the peer's certificate ends, in seconds since 1970; 0 where none is known.
    int64_t certificate_end;
} muster_transfer_info;

/// What ended a transfer, in the words of `Outbound`.
typedef enum {
    MUSTER_ENDED_WELL,
    MUSTER_ENDED_BAD_REQUEST,
    MUSTER_ENDED_RESOLVE,
    MUSTER_ENDED_CONNECT,
    MUSTER_ENDED_TLS,
    MUSTER_ENDED_LOCAL_CREDENTIALS,
    MUSTER_ENDED_TIMEOUT,
    MUSTER_ENDED_REFUSED_BY_CALLBACK,
    MUSTER_ENDED_LOGIN,
    MUSTER_ENDED_OTHER
} muster_ending;

/// curl_global_init; call once before anything else. True on success.
bool muster_curl_start(void);

/// A multi handle, NULL without memory.
void *muster_multi_new(void);
/// Frees it; no easy handle may be in it.
void muster_multi_free(void *multi);
/// Adds or removes an easy handle; true on success.
bool muster_multi_add(void *multi, void *easy);
bool muster_multi_remove(void *multi, void *easy);
/// Moves all transfers as far as they go now.
bool muster_multi_perform(void *multi);
/// Waits for sockets, timers or `muster_multi_wakeup`.
bool muster_multi_poll(void *multi, int milliseconds);
/// Ends a wait from another thread.
void muster_multi_wakeup(void *multi);
/// Takes the next finished transfer; false when there is none.
bool muster_multi_take_finished(void *multi, void **easy, int *code, muster_ending *ending);

/// An easy handle, NULL without memory.
void *muster_easy_new(void);
/// Frees the handle and what belongs to it.
void muster_easy_free(void *easy, void *attachments);
/// Sets every option; 0 or curl's code. `attachments` gets what `muster_easy_free` must free.
int muster_easy_configure(void *easy, const muster_transfer *transfer, void **attachments);
/// What is known after the transfer.
muster_transfer_info muster_easy_info(void *easy);
/// Whether the transfer has no connection yet over which its request goes.
bool muster_easy_is_connecting(void *easy);
/// Certificates of the peer that curl kept; 0 when none.
size_t muster_easy_certificate_count(void *easy);
/// The PEM text of one of them, owned by the handle; NULL when it has none.
const char *muster_easy_certificate(void *easy, size_t index);
/// curl's fixed text for a code.
const char *muster_curl_error(int code);

#endif
