// Sessions over descriptors of ours: net-snmp encodes, decodes and checks; it opens no socket and no file.
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/snmp_logging.h>
#include <net-snmp/library/snmpusm.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CNetSNMP.h"

struct cns_session {
    void *handle;
    void *context;
    cns_handler handler;
    int descriptor;
    int version;
    int level;
    int closing;
    int ended;
    int failure;
    char *community;
};

// The transport's data points back to the session; the library frees that allocation with the transport.
typedef struct {
    cns_session *session;
} link_to_session;

static cns_session *session_of(netsnmp_transport *transport) {
    return ((link_to_session *)transport->data)->session;
}

static int transport_receive(netsnmp_transport *transport, void *buffer, int size, void **opaque, int *length) {
    cns_session *session = session_of(transport);
    ssize_t got;
    *opaque = NULL;
    *length = 0;
    do {
        got = recv(session->descriptor, buffer, (size_t)size, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0) session->failure = errno;
    if (got < 0 && (transport->flags & NETSNMP_TRANSPORT_FLAG_STREAM) && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        // Without the flag the library takes this for the end of the connection.
        transport->flags |= NETSNMP_TRANSPORT_FLAG_EMPTY_PKT;
        return 0;
    }
    if (got <= 0 && (transport->flags & NETSNMP_TRANSPORT_FLAG_STREAM)) session->ended = 1;
    return (int)got;
}

static int transport_send(
    netsnmp_transport *transport, const void *buffer, int size, void **opaque, int *length) {
    cns_session *session = session_of(transport);
    ssize_t sent;
    (void)opaque;
    (void)length;
    do {
        sent = send(session->descriptor, buffer, (size_t)size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent == size) return (int)sent;
    session->failure = sent < 0 ? errno : EMSGSIZE;
    // Half a message on a stream cannot be taken back.
    if (transport->flags & NETSNMP_TRANSPORT_FLAG_STREAM) session->ended = 1;
    return -1;
}

static int transport_close(netsnmp_transport *transport) {
    transport->sock = -1;  // the descriptor belongs to the caller
    return 0;
}

static netsnmp_transport *make_transport(cns_session *session, int stream) {
    netsnmp_transport *transport = calloc(1, sizeof *transport);
    link_to_session *link = calloc(1, sizeof *link);
    if (!transport || !link) {
        free(transport);
        free(link);
        return NULL;
    }
    link->session = session;
    transport->data = link;
    transport->data_length = sizeof *link;
    transport->domain = netsnmpUDPDomain;
    transport->domain_length = (int)netsnmpUDPDomain_len;
    transport->sock = session->descriptor;
    transport->flags = NETSNMP_TRANSPORT_FLAG_OPENED | (stream ? NETSNMP_TRANSPORT_FLAG_STREAM : 0);
    transport->msgMaxSize = 65507;
    transport->f_recv = transport_receive;
    transport->f_send = transport_send;
    transport->f_close = transport_close;
    return transport;
}

static void set_security(netsnmp_session *session, const cns_config *config) {
    static const int auths[] = {
        NETSNMP_USMAUTH_NOAUTH, NETSNMP_USMAUTH_HMACMD5, NETSNMP_USMAUTH_HMACSHA1, NETSNMP_USMAUTH_HMAC128SHA224,
        NETSNMP_USMAUTH_HMAC192SHA256, NETSNMP_USMAUTH_HMAC256SHA384, NETSNMP_USMAUTH_HMAC384SHA512};
    static const int privs[] = {
        USM_CREATE_USER_PRIV_NONE, USM_CREATE_USER_PRIV_DES, USM_CREATE_USER_PRIV_AES,
        USM_CREATE_USER_PRIV_AES192, USM_CREATE_USER_PRIV_AES256, USM_CREATE_USER_PRIV_AES192_CISCO,
        USM_CREATE_USER_PRIV_AES256_CISCO};
    session->securityModel = SNMP_SEC_MODEL_USM;
    session->securityLevel = config->level;
    session->securityAuthProto =
        sc_get_auth_oid(auths[config->level >= CNS_AUTH_NO_PRIV ? config->auth : 0], &session->securityAuthProtoLen);
    if (config->level >= CNS_AUTH_PRIV) {
        session->securityPrivProto = sc_get_priv_oid(privs[config->priv], &session->securityPrivProtoLen);
        memcpy(session->securityPrivKey, config->priv_key.bytes, config->priv_key.length);
        session->securityPrivKeyLen = config->priv_key.length;
    } else {
        session->securityPrivProto = usmNoPrivProtocol;
        session->securityPrivProtoLen = OID_LENGTH(usmNoPrivProtocol);
    }
    if (config->level >= CNS_AUTH_NO_PRIV) {
        memcpy(session->securityAuthKey, config->auth_key.bytes, config->auth_key.length);
        session->securityAuthKeyLen = config->auth_key.length;
    }
    session->securityName = (char *)config->user;
    session->securityNameLen = strlen(config->user);
    session->securityEngineID = (u_char *)config->engine_id;
    session->securityEngineIDLen = config->engine_id_length;
    session->contextName = (char *)config->context;
    session->contextNameLen = strlen(config->context);
}

static int is_valid(const cns_config *config) {
    if (config->version != CNS_V1 && config->version != CNS_V2C && config->version != CNS_V3) return 0;
    if (config->version != CNS_V3) return config->community != NULL;
    return config->user && config->context && strlen(config->user) <= 32 && strlen(config->context) <= 255 &&
        config->auth >= CNS_AUTH_NONE && config->auth <= CNS_SHA512 && config->priv >= CNS_PRIV_NONE &&
        config->priv <= CNS_AES256_CISCO && config->auth_key.length <= CNS_KEY_CAPACITY &&
        config->priv_key.length <= CNS_KEY_CAPACITY && config->engine_id_length <= CNS_ENGINE_ID_CAPACITY;
}

int cns_add_user(const cns_config *config) {
    netsnmp_session holder;
    if (config->version != CNS_V3 || !is_valid(config) || config->engine_id_length == 0) return -1;
    snmp_sess_init(&holder);
    holder.version = SNMP_VERSION_3;
    set_security(&holder, config);
    return usm_create_user_from_session(&holder) == SNMPERR_SUCCESS ? 0 : -1;
}

cns_session *cns_open(const cns_config *config, int descriptor, void *context, cns_handler handler) {
    netsnmp_session wanted;
    cns_session *session;
    netsnmp_transport *transport;
    if (!is_valid(config)) return NULL;
    session = calloc(1, sizeof *session);
    if (!session) return NULL;
    session->context = context;
    session->handler = handler;
    session->descriptor = descriptor;
    session->version = config->version;
    session->level = config->level;
    session->community = strdup(config->version == CNS_V3 ? "" : config->community);
    snmp_sess_init(&wanted);
    wanted.version = config->version == CNS_V1 ? SNMP_VERSION_1
        : config->version == CNS_V2C ? SNMP_VERSION_2c : SNMP_VERSION_3;
    wanted.retries = 0;
    wanted.timeout = (long)config->timeout_microseconds;
    wanted.rcvMsgMaxSize = 65507;
    if (config->version == CNS_V3) {
        set_security(&wanted, config);
    } else {
        wanted.community = (u_char *)config->community;
        wanted.community_len = strlen(config->community);
    }
    transport = session->community ? make_transport(session, config->stream) : NULL;
    // snmp_sess_add owns the transport from here on, also where it fails. It clears the flag that forbids the
    // blocking probe for an engine id, so the flag is set again on what it opened.
    session->handle = transport ? snmp_sess_add(&wanted, transport, NULL, NULL) : NULL;
    if (!session->handle) {
        free(session->community);
        free(session);
        return NULL;
    }
    snmp_sess_session(session->handle)->flags |= SNMP_FLAGS_DONT_PROBE;
    return session;
}

void cns_close(cns_session *session) {
    if (!session) return;
    session->closing = 1;
    snmp_sess_close(session->handle);
    free(session->community);
    free(session);
}

static int report_of(netsnmp_pdu *pdu) {
    static const oid target_statistics[] = {1, 3, 6, 1, 6, 3, 12, 1};
    const netsnmp_variable_list *first = pdu->variables;
    if (!first) return CNS_REPORT_OTHER;
    if (first->name_length == 10 && memcmp(first->name, target_statistics, sizeof target_statistics) == 0 &&
        (first->name[8] == 4 || first->name[8] == 5))
        return CNS_REPORT_UNKNOWN_CONTEXT;
    switch (snmpv3_get_report_type(pdu)) {
    case SNMPERR_UNSUPPORTED_SEC_LEVEL: return CNS_REPORT_UNSUPPORTED_LEVEL;
    case SNMPERR_NOT_IN_TIME_WINDOW: return CNS_REPORT_TIME_WINDOW;
    case SNMPERR_UNKNOWN_USER_NAME: return CNS_REPORT_UNKNOWN_USER;
    case SNMPERR_UNKNOWN_ENG_ID: return CNS_REPORT_UNKNOWN_ENGINE;
    case SNMPERR_AUTHENTICATION_FAILURE: return CNS_REPORT_WRONG_DIGEST;
    case SNMPERR_DECRYPTION_ERR: return CNS_REPORT_DECRYPTION;
    default: return CNS_REPORT_OTHER;
    }
}

// net-snmp calls this twice for a Report (received, then security error). Returning 1 lets it delete the request.
static int on_event(int operation, netsnmp_session *snmp, int request, netsnmp_pdu *pdu, void *magic) {
    cns_session *session = snmp->myvoid;
    uint64_t token = (uint64_t)(uintptr_t)magic;
    cns_answer answer;
    (void)request;
    if (!session || session->closing) return 1;
    memset(&answer, 0, sizeof answer);
    switch (operation) {
    case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
        if (!pdu) return 1;
        if (pdu->command == SNMP_MSG_REPORT) {
            answer.event = CNS_REPORT;
        } else if (pdu->command != SNMP_MSG_RESPONSE) {
            return 0;
        } else if (session->version != CNS_V3 &&
                   (pdu->community_len != strlen(session->community) ||
                    memcmp(pdu->community, session->community, pdu->community_len) != 0)) {
            answer.event = CNS_REFUSED;
            session->handler(session->context, token, &answer);
            return 0;
        } else {
            answer.event = CNS_ANSWER;
        }
        break;
    case NETSNMP_CALLBACK_OP_SEC_ERROR: answer.event = CNS_SECURITY_ERROR; break;
    case NETSNMP_CALLBACK_OP_RESEND: answer.event = CNS_RESENT; break;
    case NETSNMP_CALLBACK_OP_SEND_FAILED: answer.event = CNS_SEND_FAILED; break;
    default: return 1;  // time is ours
    }
    if (pdu && (answer.event == CNS_ANSWER || answer.event == CNS_REPORT || answer.event == CNS_SECURITY_ERROR)) {
        if (answer.event != CNS_ANSWER) answer.report = report_of(pdu);
        answer.error_status = pdu->errstat;
        answer.error_index = pdu->errindex;
        answer.engine_id = pdu->securityEngineID;
        answer.engine_id_length = pdu->securityEngineID ? pdu->securityEngineIDLen : 0;
        answer.first = pdu->variables;
    }
    session->handler(session->context, token, &answer);
    return 1;
}

static int add_names(netsnmp_pdu *pdu, const uint32_t *parts, const uint32_t *lengths, size_t count) {
    oid name[MAX_OID_LEN];
    for (size_t index = 0; index < count; index++) {
        if (lengths[index] > MAX_OID_LEN) return -1;
        for (uint32_t part = 0; part < lengths[index]; part++) name[part] = *parts++;
        if (!snmp_add_null_var(pdu, name, lengths[index])) return -1;
    }
    return 0;
}

int cns_send(
    cns_session *session, uint64_t token, int command, int level, const uint32_t *parts, const uint32_t *lengths,
    size_t count, int max_repetitions) {
    netsnmp_pdu *pdu = snmp_pdu_create(
        command == CNS_GETBULK ? SNMP_MSG_GETBULK : command == CNS_GETNEXT ? SNMP_MSG_GETNEXT : SNMP_MSG_GET);
    netsnmp_session *snmp = snmp_sess_session(session->handle);
    errno = 0;
    session->failure = 0;
    if (!pdu) return -1;
    if (command == CNS_GETBULK) {
        pdu->non_repeaters = 0;  // these two names are other names of errstat and errindex
        pdu->max_repetitions = max_repetitions;
    }
    if (session->version == CNS_V3) {
        pdu->securityModel = SNMP_SEC_MODEL_USM;
        pdu->securityLevel = level == CNS_ANONYMOUS ? CNS_NO_AUTH : level ? level : session->level;
        // Set, because the library would take the session's user, or refuse where that has no name.
        if (level == CNS_ANONYMOUS || snmp->securityNameLen == 0) pdu->securityName = strdup("");
    }
    snmp->myvoid = session;
    if (add_names(pdu, parts, lengths, count) != 0 ||
        snmp_sess_async_send(session->handle, pdu, on_event, (void *)(uintptr_t)token) == 0) {
        snmp_free_pdu(pdu);  // a failed send leaves it to the caller
        errno = session->failure;
        return -1;
    }
    return 0;
}

int cns_read(cns_session *session) {
    // One set for the thread that owns the library; it grows to the largest descriptor seen.
    static netsnmp_large_fd_set ready;
    static int is_ready;
    if (!is_ready) {
        netsnmp_large_fd_set_init(&ready, FD_SETSIZE);
        is_ready = 1;
    }
    session->failure = 0;
    if (session->ended) return 1;
    netsnmp_large_fd_setfd(session->descriptor, &ready);
    snmp_sess_read2(session->handle, &ready);
    netsnmp_large_fd_clr(session->descriptor, &ready);
    if (session->ended) return 1;
    errno = session->failure;
    return session->failure ? -1 : 0;
}

void cns_expire(cns_session *session) { snmp_sess_timeout(session->handle); }
