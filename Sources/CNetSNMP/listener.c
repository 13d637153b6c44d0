// Traps and informs over a bound UDP descriptor of ours: net-snmp decodes, checks SNMPv3 and encodes what is answered.
#define _GNU_SOURCE
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CNetSNMP.h"

// The largest payload of UDP over IPv4 is 65,507 octets, over IPv6 20 more.
enum { DATAGRAM_CAPACITY = 65536, RECEIVE_BUFFER = 1 << 20 };

struct cns_listener {
    void *handle;
    void *context;
    cns_trap_handler handler;
    int descriptor;
    int outcome;
    int has_answered;
    int failure;
    struct sockaddr_storage peer;
    socklen_t peer_length;
    size_t length;
    uint8_t datagram[DATAGRAM_CAPACITY];
};

// The transport's data points back to the listener; the library frees that allocation with the transport.
typedef struct {
    cns_listener *listener;
} link_to_listener;

static cns_listener *listener_of(netsnmp_transport *transport) {
    return ((link_to_listener *)transport->data)->listener;
}

static int transport_receive(netsnmp_transport *transport, void *buffer, int size, void **opaque, int *length) {
    cns_listener *listener = listener_of(transport);
    *opaque = NULL;
    *length = 0;
    if (size < 0 || listener->length > (size_t)size) return -1;
    memcpy(buffer, listener->datagram, listener->length);
    return (int)listener->length;
}

// Everything that is sent answers the datagram that is being read.
static int transport_send(
    netsnmp_transport *transport, const void *buffer, int size, void **opaque, int *length) {
    cns_listener *listener = listener_of(transport);
    ssize_t sent;
    (void)opaque;
    (void)length;
    do {
        sent = sendto(
            listener->descriptor, buffer, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT,
            (struct sockaddr *)&listener->peer, listener->peer_length);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) listener->has_answered = 1;
    return (int)sent;
}

static int transport_close(netsnmp_transport *transport) {
    transport->sock = -1;  // the descriptor belongs to the caller
    return 0;
}

static netsnmp_transport *make_transport(cns_listener *listener) {
    netsnmp_transport *transport = calloc(1, sizeof *transport);
    link_to_listener *link = calloc(1, sizeof *link);
    if (!transport || !link) {
        free(transport);
        free(link);
        return NULL;
    }
    link->listener = listener;
    transport->data = link;
    transport->data_length = sizeof *link;
    transport->domain = netsnmpUDPDomain;
    transport->domain_length = (int)netsnmpUDPDomain_len;
    transport->sock = listener->descriptor;
    transport->flags = NETSNMP_TRANSPORT_FLAG_OPENED;
    transport->msgMaxSize = 65507;
    transport->f_recv = transport_receive;
    transport->f_send = transport_send;
    transport->f_close = transport_close;
    return transport;
}

static void describe(const netsnmp_pdu *pdu, cns_trap *trap) {
    memset(trap, 0, sizeof *trap);
    trap->version = pdu->version == SNMP_VERSION_1 ? CNS_V1 : pdu->version == SNMP_VERSION_2c ? CNS_V2C : CNS_V3;
    trap->is_inform = pdu->command == SNMP_MSG_INFORM;
    trap->first = pdu->variables;
    if (trap->version == CNS_V3) {
        trap->user = (const uint8_t *)pdu->securityName;
        trap->user_length = pdu->securityName ? pdu->securityNameLen : 0;
        trap->level = pdu->securityLevel;
        trap->engine_id = pdu->securityEngineID;
        trap->engine_id_length = pdu->securityEngineID ? pdu->securityEngineIDLen : 0;
    } else {
        trap->community = pdu->community;
        trap->community_length = pdu->community ? pdu->community_len : 0;
    }
    if (pdu->command != SNMP_MSG_TRAP) return;
    trap->generic = pdu->trap_type;
    trap->specific = pdu->specific_type;
    trap->uptime = (uint32_t)pdu->time;
    trap->enterprise = pdu->enterprise;
    trap->enterprise_length = pdu->enterprise ? pdu->enterprise_length : 0;
}

static int answer_inform(cns_listener *listener, netsnmp_pdu *pdu) {
    netsnmp_pdu *reply = snmp_clone_pdu(pdu);
    if (!reply) return -1;
    reply->command = SNMP_MSG_RESPONSE;
    reply->errstat = 0;
    reply->errindex = 0;
    if (snmp_sess_send(listener->handle, reply) != 0) return 0;
    snmp_free_pdu(reply);  // a failed send leaves it to the caller
    return -1;
}

static int on_message(int operation, netsnmp_session *snmp, int request, netsnmp_pdu *pdu, void *magic) {
    cns_listener *listener = magic;
    cns_trap trap;
    (void)request;
    if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || !pdu) return 1;
    // The library also calls for a message whose signature is wrong, with what it could read of it.
    if (snmp->s_snmp_errno != SNMPERR_SUCCESS) return 1;
    // A v1 message has only Trap-PDUs, a later one only the other two (RFC 3416 3).
    if (pdu->version == SNMP_VERSION_1 ? pdu->command != SNMP_MSG_TRAP
                                       : pdu->command != SNMP_MSG_TRAP2 && pdu->command != SNMP_MSG_INFORM) {
        listener->outcome = CNS_NOT_A_TRAP;
        return 1;
    }
    describe(pdu, &trap);
    listener->outcome = listener->handler(listener->context, &trap) ? CNS_TAKEN : CNS_DECLINED;
    // An answer that is lost is asked for again.
    if (trap.is_inform && listener->outcome == CNS_TAKEN) (void)answer_inform(listener, pdu);
    return 1;
}

// Called after each message was read, also where that failed: only here the library tells why.
static int on_parsed(netsnmp_session *snmp, netsnmp_pdu *pdu, int result) {
    cns_listener *listener = snmp->callback_magic;
    (void)pdu;
    if (result != SNMPERR_SUCCESS && listener) listener->failure = result;
    return 1;
}

int cns_bind(const uint8_t *address, size_t length, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int descriptor, failure, on = 1;
    if (length != 4 && length != 16) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    descriptor = socket(length == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    memcpy(&v4.sin_addr, address, 4);
    if (length == 16) memcpy(&v6.sin6_addr, address, 16);
    // "0.0.0.0" and "::" can stand beside each other.
    if (length == 16) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if ((length == 4 ? bind(descriptor, (struct sockaddr *)&v4, sizeof v4)
                     : bind(descriptor, (struct sockaddr *)&v6, sizeof v6)) == 0)
        return descriptor;
    failure = errno;
    close(descriptor);
    errno = failure;
    return -1;
}

cns_listener *cns_listen(int descriptor, void *context, cns_trap_handler handler) {
    netsnmp_session wanted;
    netsnmp_transport *transport;
    cns_listener *listener = calloc(1, sizeof *listener);
    int octets = RECEIVE_BUFFER;
    if (!listener) return NULL;
    listener->context = context;
    listener->handler = handler;
    listener->descriptor = descriptor;
    // A storm arrives faster than it is read; what does not fit is counted by the kernel.
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
    snmp_sess_init(&wanted);
    wanted.version = SNMP_DEFAULT_VERSION;
    wanted.peername = SNMP_DEFAULT_PEERNAME;
    wanted.community_len = SNMP_DEFAULT_COMMUNITY_LEN;
    wanted.retries = 0;
    wanted.callback = on_message;
    wanted.callback_magic = listener;
    wanted.authenticator = NULL;
    wanted.rcvMsgMaxSize = 65507;
    // Of traps the sender's engine is the authority, of informs ours.
    wanted.isAuthoritative = SNMP_SESS_UNKNOWNAUTH;
    transport = make_transport(listener);
    // snmp_sess_add owns the transport from here on, also where it fails.
    listener->handle = transport ? snmp_sess_add(&wanted, transport, NULL, on_parsed) : NULL;
    if (!listener->handle) {
        free(listener);
        return NULL;
    }
    return listener;
}

void cns_unlisten(cns_listener *listener) {
    if (!listener) return;
    snmp_sess_close(listener->handle);
    free(listener);
}

int cns_take(cns_listener *listener, uint8_t address[16], size_t *address_length) {
    ssize_t got;
    do {
        listener->peer_length = sizeof listener->peer;
        got = recvfrom(
            listener->descriptor, listener->datagram, sizeof listener->datagram, MSG_DONTWAIT,
            (struct sockaddr *)&listener->peer, &listener->peer_length);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -1;
    listener->length = (size_t)got;
    *address_length = 0;
    if (listener->peer_length >= sizeof(struct sockaddr_in) && listener->peer.ss_family == AF_INET) {
        memcpy(address, &((struct sockaddr_in *)&listener->peer)->sin_addr, 4);
        *address_length = 4;
    } else if (listener->peer_length >= sizeof(struct sockaddr_in6) && listener->peer.ss_family == AF_INET6) {
        memcpy(address, &((struct sockaddr_in6 *)&listener->peer)->sin6_addr, 16);
        *address_length = 16;
    }
    return (int)got;
}

uint32_t cns_lost(const cns_listener *listener) {
    uint32_t figures[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof figures;
    if (getsockopt(listener->descriptor, SOL_SOCKET, SO_MEMINFO, figures, &length) != 0) return 0;
    return length > SK_MEMINFO_DROPS * sizeof *figures ? figures[SK_MEMINFO_DROPS] : 0;
}

const uint8_t *cns_taken(const cns_listener *listener, size_t *length) {
    *length = listener->length;
    return listener->datagram;
}

static int reason_of(int error) {
    switch (error) {
    case SNMPERR_USM_UNKNOWNENGINEID:
    case SNMPERR_UNKNOWN_ENG_ID: return CNS_UNKNOWN_ENGINE;
    case SNMPERR_USM_UNKNOWNSECURITYNAME:
    case SNMPERR_UNKNOWN_USER_NAME: return CNS_UNKNOWN_USER;
    case SNMPERR_USM_AUTHENTICATIONFAILURE:
    case SNMPERR_AUTHENTICATION_FAILURE: return CNS_WRONG_DIGEST;
    case SNMPERR_USM_NOTINTIMEWINDOW:
    case SNMPERR_NOT_IN_TIME_WINDOW: return CNS_NOT_IN_TIME;
    case SNMPERR_USM_DECRYPTIONERROR:
    case SNMPERR_DECRYPTION_ERR: return CNS_NOT_DECRYPTED;
    case SNMPERR_USM_UNSUPPORTEDSECURITYLEVEL:
    case SNMPERR_UNSUPPORTED_SEC_LEVEL: return CNS_WRONG_LEVEL;
    default: return CNS_BROKEN;
    }
}

int cns_judge(cns_listener *listener) {
    // One set for the thread that owns the library; it grows to the largest descriptor seen.
    static netsnmp_large_fd_set ready;
    static int is_ready;
    if (!is_ready) {
        netsnmp_large_fd_set_init(&ready, FD_SETSIZE);
        is_ready = 1;
    }
    // The library takes nothing for the end of the connection.
    if (listener->length == 0) return CNS_BROKEN;
    listener->outcome = -1;
    listener->has_answered = 0;
    listener->failure = SNMPERR_SUCCESS;
    netsnmp_large_fd_setfd(listener->descriptor, &ready);
    snmp_sess_read2(listener->handle, &ready);
    netsnmp_large_fd_clr(listener->descriptor, &ready);
    if (listener->outcome >= 0) return listener->outcome;
    if (listener->has_answered) return CNS_DISCOVERY;
    return reason_of(listener->failure);
}
