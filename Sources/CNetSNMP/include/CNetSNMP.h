// What the SNMP target needs of net-snmp, without net-snmp's headers: those touch fd_set, which Swift cannot import.
// The library is not reentrant: every function below is called on one thread only.
#ifndef CNETSNMP_H
#define CNETSNMP_H

#include <stddef.h>
#include <stdint.h>

typedef struct cns_session cns_session;

enum cns_version { CNS_V1 = 0, CNS_V2C = 1, CNS_V3 = 3 };
// CNS_ANONYMOUS is noAuthNoPriv with a user without a name: who is asked that way only tells its engine id.
enum cns_level { CNS_NO_AUTH = 1, CNS_AUTH_NO_PRIV = 2, CNS_AUTH_PRIV = 3, CNS_ANONYMOUS = 4 };
enum cns_auth { CNS_AUTH_NONE, CNS_MD5, CNS_SHA1, CNS_SHA224, CNS_SHA256, CNS_SHA384, CNS_SHA512 };
enum cns_priv {
    CNS_PRIV_NONE, CNS_DES, CNS_AES128, CNS_AES192, CNS_AES256, CNS_AES192_CISCO, CNS_AES256_CISCO
};
enum cns_command { CNS_GET, CNS_GETNEXT, CNS_GETBULK };

enum { CNS_KEY_CAPACITY = 64, CNS_ENGINE_ID_CAPACITY = 32 };

// A key before localisation (Ku, RFC 3414 A.2).
typedef struct {
    uint8_t bytes[CNS_KEY_CAPACITY];
    size_t length;
} cns_key;

typedef struct {
    int version;
    const char *community;      // v1, v2c
    const char *context;        // v3; "" is the default context
    const char *user;           // v3; "" opens a session that can only discover the engine id
    int level;
    int auth;
    cns_key auth_key;
    int priv;
    cns_key priv_key;
    const uint8_t *engine_id;   // v3; empty while it is not known
    size_t engine_id_length;
    int stream;                 // TCP
    int64_t timeout_microseconds;
} cns_config;

enum cns_event {
    CNS_ANSWER,         // a Response
    CNS_REPORT,         // a v3 Report; CNS_SECURITY_ERROR or CNS_RESENT may follow for the same token
    CNS_SECURITY_ERROR, // the library gives the request up because of a Report
    CNS_RESENT,         // the library sent the request again after it learnt the engine's time
    CNS_SEND_FAILED,
    CNS_REFUSED,        // an answer with our request id that is not ours (community); the request stays open
};

enum cns_report {
    CNS_REPORT_OTHER, CNS_REPORT_UNSUPPORTED_LEVEL, CNS_REPORT_TIME_WINDOW, CNS_REPORT_UNKNOWN_USER,
    CNS_REPORT_UNKNOWN_ENGINE, CNS_REPORT_WRONG_DIGEST, CNS_REPORT_DECRYPTION, CNS_REPORT_UNKNOWN_CONTEXT
};

typedef struct {
    int event;
    int report;
    long error_status;
    long error_index;
    const uint8_t *engine_id;
    size_t engine_id_length;
    const void *first;          // cursor for cns_next
} cns_answer;

enum cns_type {
    CNS_INTEGER, CNS_COUNTER32, CNS_GAUGE32, CNS_TIMETICKS, CNS_COUNTER64, CNS_OCTETS, CNS_OID, CNS_IPADDRESS,
    CNS_NULL, CNS_NO_SUCH_OBJECT, CNS_NO_SUCH_INSTANCE, CNS_END_OF_MIB, CNS_OPAQUE, CNS_UNKNOWN
};

typedef struct {
    const unsigned long *name;
    size_t name_length;
    int type;
    int64_t integer;            // CNS_INTEGER
    uint64_t number;            // counters, gauges, ticks
    const uint8_t *bytes;       // octets, opaque, IpAddress
    size_t length;
    const unsigned long *oid;   // CNS_OID
    size_t oid_length;
} cns_varbind;

// Called while cns_read or cns_send runs; must not call back into this module.
typedef void (*cns_handler)(void *context, uint64_t token, const cns_answer *answer);

// Prepares the library once: it reads no configuration, no MIBs, and keeps nothing. Returns 0, or -1.
int cns_initialise(void);

// Derives Ku from a passphrase. Returns 0, or -1 where the library refuses (a passphrase under 8 bytes).
int cns_make_key(int auth, const uint8_t *passphrase, size_t length, cns_key *key);

// Opens a session over a connected descriptor, which stays the caller's. NULL when the library refuses.
cns_session *cns_open(const cns_config *config, int descriptor, void *context, cns_handler handler);

// Sends one request. The object identifiers follow each other in `parts`, `lengths` says how long each is.
// level is 0 for the session's own. Returns 0; -1 when nothing was sent (errno of the send, or 0).
int cns_send(
    cns_session *session, uint64_t token, int command, int level, const uint32_t *parts, const uint32_t *lengths,
    size_t count, int max_repetitions);

// Reads one message, calls the handler for what it answers. Returns 0; -1 with errno; 1 at the end of a stream.
int cns_read(cns_session *session);

// Lets go of requests older than the session's timeout.
void cns_expire(cns_session *session);

// Closes the session, not its descriptor. The handler is not called any more. Never inside the handler.
void cns_close(cns_session *session);

// Removes a USM user, which the library would keep after its session.
void cns_forget_user(const uint8_t *engine_id, size_t length, const char *user);

// Removes what the library knows of an engine's boots and time.
void cns_forget_engine(const uint8_t *engine_id, size_t length);

// Reads the varbind at the cursor and moves on. 1; 0 at the end. A value whose length contradicts its type is
// CNS_UNKNOWN.
int cns_next(const void **cursor, cns_varbind *varbind);

// Makes this process an SNMP engine of its own, which informs are sent to (RFC 3411 5): 5 to 32 octets, and how often it
// started (RFC 3414 2.2). Returns 0, or -1.
int cns_set_engine(const uint8_t *id, size_t length, uint32_t boots);

// Makes a USM user known for the engine id of the configuration, without a session. Returns 0, or -1.
int cns_add_user(const cns_config *config);

// A socket on which traps and informs arrive.
typedef struct cns_listener cns_listener;

// Why a datagram was no trap for us.
enum cns_refusal {
    CNS_TAKEN, CNS_BROKEN, CNS_NOT_A_TRAP, CNS_UNKNOWN_ENGINE, CNS_UNKNOWN_USER, CNS_WRONG_DIGEST,
    CNS_NOT_IN_TIME, CNS_NOT_DECRYPTED, CNS_WRONG_LEVEL, CNS_DECLINED,
    CNS_DISCOVERY,  // not refused: a sender of informs was told our engine id or time by a Report, and asks again
};

typedef struct {
    int version;
    int is_inform;
    const uint8_t *community;   // v1, v2c
    size_t community_length;
    const uint8_t *user;        // v3
    size_t user_length;
    int level;                  // v3: cns_level
    const uint8_t *engine_id;   // v3: whose user it is
    size_t engine_id_length;
    long generic;               // v1: generic-trap, specific-trap, time-stamp and enterprise
    long specific;
    uint32_t uptime;
    const unsigned long *enterprise;
    size_t enterprise_length;
    const void *first;          // cursor for cns_next
} cns_trap;

// Called while cns_judge runs; must not call back into this module. 1 takes the trap, and an inform is answered.
typedef int (*cns_trap_handler)(void *context, const cns_trap *trap);

// A non-blocking UDP descriptor bound to 4 or 16 octets of address. -1 with errno.
int cns_bind(const uint8_t *address, size_t length, uint16_t port);

// Readies a bound UDP descriptor, which stays the caller's, for traps. NULL when the library refuses.
cns_listener *cns_listen(int descriptor, void *context, cns_trap_handler handler);

// Fetches one datagram and tells who sent it. Returns its length, or -1 when none waits.
int cns_take(cns_listener *listener, uint8_t address[16], size_t *address_length);

// How many datagrams the kernel has thrown away since the socket was made; wraps (sock_diag(7), SK_MEMINFO_DROPS).
uint32_t cns_lost(const cns_listener *listener);

// The octets of the datagram that cns_take fetched last.
const uint8_t *cns_taken(const cns_listener *listener, size_t *length);

// Has the library read the datagram that cns_take fetched last. Returns a cns_refusal; the handler was called unless it
// is something else than CNS_TAKEN or CNS_DECLINED. What the protocol answers (informs, reports) is sent.
int cns_judge(cns_listener *listener);

// Ends it; its descriptor stays open.
void cns_unlisten(cns_listener *listener);

// A non-blocking descriptor connected to 4 or 16 octets of address: answers from elsewhere do not reach it.
// A TCP connection may still be under way. -1 with errno.
int cns_connect(const uint8_t *address, size_t length, uint16_t port, int stream);

// 0 when connecting ended well, else its error number.
int cns_connect_result(int descriptor);

// epoll(7) and eventfd(2), which Swift does not import.
int cns_poll_create(void);
int cns_poll_add(int poll, int descriptor, int writable);
int cns_poll_readable(int poll, int descriptor);
int cns_poll_remove(int poll, int descriptor);
int cns_poll_wait(int poll, int *descriptors, int capacity, int timeout_milliseconds);
int cns_wake_create(void);
void cns_wake(int descriptor);
void cns_wake_clear(int descriptor);

#endif
