#include "ccurl.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// Lists that curl does not copy.
typedef struct {
    struct curl_slist *headers;
    struct curl_slist *recipients;
    void *context;
    muster_take_bytes take_body;
    muster_take_bytes take_header;
    muster_give_bytes give_body;
    muster_allow_address allow_address;
} attachment;

// Transfers run on a thread that goes on until the process is gone. What OpenSSL does in exit(3) would free what that thread still
// uses: a command that ended was once seen to die of a double free. It must be said before anything else uses the library.
__attribute__((constructor)) static void keep_openssl_at_exit(void) { OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL); }

bool muster_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }

void *muster_multi_new(void) { return curl_multi_init(); }
void muster_multi_free(void *multi) { curl_multi_cleanup(multi); }
bool muster_multi_add(void *multi, void *easy) { return curl_multi_add_handle(multi, easy) == CURLM_OK; }
bool muster_multi_remove(void *multi, void *easy) { return curl_multi_remove_handle(multi, easy) == CURLM_OK; }

bool muster_multi_perform(void *multi) {
    int running = 0;
    return curl_multi_perform(multi, &running) == CURLM_OK;
}

bool muster_multi_poll(void *multi, int milliseconds) {
    int changed = 0;
    return curl_multi_poll(multi, NULL, 0, milliseconds, &changed) == CURLM_OK;
}

void muster_multi_wakeup(void *multi) { curl_multi_wakeup(multi); }

static muster_ending ending_of(CURLcode code) {
    switch (code) {
        case CURLE_OK: return MUSTER_ENDED_WELL;
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL: return MUSTER_ENDED_BAD_REQUEST;
        case CURLE_COULDNT_RESOLVE_HOST: return MUSTER_ENDED_RESOLVE;
        case CURLE_COULDNT_CONNECT: return MUSTER_ENDED_CONNECT;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_USE_SSL_FAILED: return MUSTER_ENDED_TLS;
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE: return MUSTER_ENDED_LOCAL_CREDENTIALS;
        case CURLE_OPERATION_TIMEDOUT: return MUSTER_ENDED_TIMEOUT;
        case CURLE_WRITE_ERROR:
        case CURLE_ABORTED_BY_CALLBACK: return MUSTER_ENDED_REFUSED_BY_CALLBACK;
        case CURLE_LOGIN_DENIED: return MUSTER_ENDED_LOGIN;
        default: return MUSTER_ENDED_OTHER;
    }
}

bool muster_multi_take_finished(void *multi, void **easy, int *code, muster_ending *ending) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *easy = message->easy_handle;
        *code = (int)message->data.result;
        *ending = ending_of(message->data.result);
        return true;
    }
    return false;
}

void *muster_easy_new(void) { return curl_easy_init(); }

void muster_easy_free(void *easy, void *attachments) {
    attachment *own = attachments;
    curl_easy_cleanup(easy);
    if (!own) return;
    curl_slist_free_all(own->headers);
    curl_slist_free_all(own->recipients);
    free(own);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user) {
    attachment *own = user;
    return own->take_body(own->context, (const uint8_t *)bytes, size * count) ? size * count : 0;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *user) {
    attachment *own = user;
    return own->take_header(own->context, (const uint8_t *)bytes, size * count) ? size * count : 0;
}

static size_t on_read(char *buffer, size_t size, size_t count, void *user) {
    attachment *own = user;
    return own->give_body(own->context, (uint8_t *)buffer, size * count);
}

// A peer that is gone without a word (half-open, threats N3) is noticed after 20 + 3 * 3 seconds of silence, also while
// a long poll waits with nothing to send, and after as long when what was sent is not acknowledged: tcp(7). curl sets
// the idle time and the interval of the probes, but neither their number nor the time of unacknowledged data.
static const long idle_seconds = 20;
static const long probe_seconds = 3;
static const int probes = 3;

static void end_when_peer_is_gone(int descriptor) {
    const unsigned int unacknowledged = (unsigned int)((idle_seconds + probe_seconds * probes) * 1000);
    // A kernel that does not know an option keeps its own limits, and the transfer's total still holds.
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged, sizeof unacknowledged);
}

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
    attachment *own = user;
    (void)purpose;
    if (!own->allow_address(own->context, address->family, &address->addr, address->addrlen)) return CURL_SOCKET_BAD;
    int descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (descriptor >= 0 && (address->family == AF_INET || address->family == AF_INET6)) end_when_peer_is_gone(descriptor);
    return descriptor;
}

// Each step is skipped once one has failed.
#define SET(option, value) \
    do { \
        if (code == CURLE_OK) code = curl_easy_setopt(easy, option, value); \
    } while (false)

static CURLcode set_blob(CURL *easy, CURLoption option, muster_blob blob) {
    struct curl_blob copy = {(void *)blob.bytes, blob.length, CURL_BLOB_COPY};
    return curl_easy_setopt(easy, option, &copy);
}

static CURLcode set_always(CURL *easy, const muster_transfer *transfer, attachment *own) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_ERRORBUFFER, transfer->error_text);
    SET(CURLOPT_NOSIGNAL, 1L);
    // Without it a cancelled transfer waits for the resolver's thread, and all others with it.
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    // The environment's proxy variables would choose another peer than the one that was checked.
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_TCP_KEEPIDLE, idle_seconds);
    SET(CURLOPT_TCP_KEEPINTVL, probe_seconds);
    SET(CURLOPT_CONNECTTIMEOUT_MS, transfer->connect_milliseconds);
    SET(CURLOPT_TIMEOUT_MS, transfer->total_milliseconds);
    if (transfer->stall_seconds > 0) {
        SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
        SET(CURLOPT_LOW_SPEED_TIME, transfer->stall_seconds);
    }
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, own);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, own);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, own);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, own);
    SET(CURLOPT_URL, transfer->url);
    if (transfer->unix_socket) SET(CURLOPT_UNIX_SOCKET_PATH, transfer->unix_socket);
    return code;
}

static CURLcode set_tls(CURL *easy, const muster_transfer *transfer) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, transfer->only_peer_chain ? 0L : 1L);
    SET(CURLOPT_SSL_VERIFYHOST, transfer->only_peer_chain ? 0L : 2L);
    if (transfer->authorities_file || transfer->authorities.length > 0) {
        // The built-in paths would be trusted besides.
        SET(CURLOPT_CAPATH, NULL);
        SET(CURLOPT_CAINFO, transfer->authorities_file);
        if (code == CURLE_OK && transfer->authorities.length > 0)
            code = set_blob(easy, CURLOPT_CAINFO_BLOB, transfer->authorities);
    }
    if (transfer->certificate_file) SET(CURLOPT_SSLCERT, transfer->certificate_file);
    if (transfer->key_file) SET(CURLOPT_SSLKEY, transfer->key_file);
    if (code == CURLE_OK && transfer->certificate.length > 0)
        code = set_blob(easy, CURLOPT_SSLCERT_BLOB, transfer->certificate);
    if (code == CURLE_OK && transfer->key.length > 0) code = set_blob(easy, CURLOPT_SSLKEY_BLOB, transfer->key);
    if (transfer->only_peer_chain) SET(CURLOPT_CONNECT_ONLY, 1L);
    if (transfer->only_peer_chain || transfer->fresh) {
        SET(CURLOPT_CERTINFO, 1L);
        SET(CURLOPT_FRESH_CONNECT, 1L);
        SET(CURLOPT_FORBID_REUSE, 1L);
    }
    return code;
}

static CURLcode set_http(CURL *easy, const muster_transfer *transfer, attachment *own) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    for (size_t index = 0; index < transfer->header_count; index++) {
        struct curl_slist *longer = curl_slist_append(own->headers, transfer->headers[index]);
        if (!longer) return CURLE_OUT_OF_MEMORY;
        own->headers = longer;
    }
    SET(CURLOPT_HTTPHEADER, own->headers);
    if (transfer->has_body) {
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body.length);
        SET(CURLOPT_COPYPOSTFIELDS, transfer->body.length > 0 ? (const char *)transfer->body.bytes : "");
    }
    if (strcmp(transfer->method, "HEAD") == 0)
        SET(CURLOPT_NOBODY, 1L);
    else
        SET(CURLOPT_CUSTOMREQUEST, transfer->method);
    return code;
}

static CURLcode set_mail(CURL *easy, const muster_transfer *transfer, attachment *own) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    for (size_t index = 0; index < transfer->recipient_count; index++) {
        struct curl_slist *longer = curl_slist_append(own->recipients, transfer->recipients[index]);
        if (!longer) return CURLE_OUT_OF_MEMORY;
        own->recipients = longer;
    }
    SET(CURLOPT_MAIL_FROM, transfer->mail_from);
    SET(CURLOPT_MAIL_RCPT, own->recipients);
    SET(CURLOPT_UPLOAD, 1L);
    if (transfer->require_tls) SET(CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (transfer->user) SET(CURLOPT_USERNAME, transfer->user);
    if (transfer->password) SET(CURLOPT_PASSWORD, transfer->password);
    return code;
}

int muster_easy_configure(void *easy, const muster_transfer *transfer, void **attachments) {
    attachment *own = calloc(1, sizeof *own);
    *attachments = own;
    if (!own) return CURLE_OUT_OF_MEMORY;
    own->context = transfer->context;
    own->take_body = transfer->take_body;
    own->take_header = transfer->take_header;
    own->give_body = transfer->give_body;
    own->allow_address = transfer->allow_address;
    CURLcode code = set_always(easy, transfer, own);
    if (code == CURLE_OK) code = set_tls(easy, transfer);
    if (code == CURLE_OK)
        code = transfer->method ? set_http(easy, transfer, own) : set_mail(easy, transfer, own);
    return (int)code;
}

static int64_t microseconds(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

static struct curl_certinfo *certificates(CURL *easy) {
    struct curl_certinfo *found = NULL;
    return curl_easy_getinfo(easy, CURLINFO_CERTINFO, &found) == CURLE_OK ? found : NULL;
}

muster_transfer_info muster_easy_info(void *easy) {
    muster_transfer_info info = {0};
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &info.status);
    info.connected = microseconds(easy, CURLINFO_CONNECT_TIME_T);
    info.secured = microseconds(easy, CURLINFO_APPCONNECT_TIME_T);
    info.first_byte = microseconds(easy, CURLINFO_STARTTRANSFER_TIME_T);
    info.total = microseconds(easy, CURLINFO_TOTAL_TIME_T);
    struct curl_certinfo *found = certificates(easy);
    struct curl_slist *line = found && found->num_of_certs > 0 ? found->certinfo[0] : NULL;
    for (; line; line = line->next) {
        if (strncmp(line->data, "Expire date:", 12) != 0) continue;
        const time_t end = curl_getdate(line->data + 12, NULL);
        if (end > 0) info.certificate_end = end;
    }
    return info;
}

bool muster_easy_is_connecting(void *easy) { return microseconds(easy, CURLINFO_PRETRANSFER_TIME_T) == 0; }

size_t muster_easy_certificate_count(void *easy) {
    struct curl_certinfo *found = certificates(easy);
    return found && found->num_of_certs > 0 ? (size_t)found->num_of_certs : 0;
}

const char *muster_easy_certificate(void *easy, size_t index) {
    struct curl_certinfo *found = certificates(easy);
    if (!found || found->num_of_certs < 0 || index >= (size_t)found->num_of_certs) return NULL;
    for (struct curl_slist *line = found->certinfo[index]; line; line = line->next)
        if (strncmp(line->data, "Cert:", 5) == 0) return line->data + 5;
    return NULL;
}

const char *muster_curl_error(int code) { return curl_easy_strerror((CURLcode)code); }
