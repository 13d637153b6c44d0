#define _GNU_SOURCE
#include "clinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The kernel's states of sockets, as inet_diag has them: an unconnected UDP socket is called closed.
enum { STATE_CLOSED = 7, STATE_LISTEN = 10 };

int muster_netlink_open(muster_netlink about) {
    static const struct {
        int protocol;
        uint32_t groups;
    } kinds[] = {
        [MUSTER_DEVICES] = {NETLINK_KOBJECT_UEVENT, 1},
        [MUSTER_NETWORK] = {NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE},
        [MUSTER_SOCKETS] = {NETLINK_SOCK_DIAG, 0},
        [MUSTER_ROUTES] = {NETLINK_ROUTE, 0},
        [MUSTER_GENERIC] = {NETLINK_GENERIC, 0},
        [MUSTER_NETFILTER] = {NETLINK_NETFILTER, 0},
    };
    const int protocol = kinds[about].protocol;
    const uint32_t groups = kinds[about].groups;
    const int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (descriptor < 0) return -errno;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
    const int error = errno;
    close(descriptor);
    return -error;
}

// FNV-1a over the bytes of one socket.
static uint64_t hashed(uint64_t hash, const void *bytes, size_t length) {
    const uint8_t *next = bytes;
    for (size_t index = 0; index < length; index++) hash = (hash ^ next[index]) * 1099511628211u;
    return hash;
}

static uint64_t of_socket(const struct inet_diag_msg *socket, uint8_t protocol) {
    uint64_t hash = 14695981039346656037u;
    hash = hashed(hash, &protocol, sizeof protocol);
    hash = hashed(hash, &socket->idiag_family, sizeof socket->idiag_family);
    hash = hashed(hash, &socket->id.idiag_sport, sizeof socket->id.idiag_sport);
    hash = hashed(hash, socket->id.idiag_src, sizeof socket->id.idiag_src);
    return hashed(hash, &socket->idiag_inode, sizeof socket->idiag_inode);
}

// Waits for the kernel's answer no longer than a second: a dump is there at once or never.
static ssize_t received(int descriptor, void *buffer, size_t capacity) {
    struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
    if (poll(&waiting, 1, 1000) != 1) return -1;
    return recv(descriptor, buffer, capacity, 0);
}

static int add(int descriptor, uint8_t family, uint8_t protocol, uint16_t port_limit, uint64_t *sum) {
    static uint32_t sequence;
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } question = {
        .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                   .nlmsg_seq = __atomic_add_fetch(&sequence, 1, __ATOMIC_RELAXED)},
        .request = {.sdiag_family = family, .sdiag_protocol = protocol,
                    .idiag_states = protocol == IPPROTO_TCP ? 1u << STATE_LISTEN : 1u << STATE_CLOSED},
    };
    if (send(descriptor, &question, sizeof question, 0) < 0) return errno;
    _Alignas(struct nlmsghdr) char buffer[16384];
    for (;;) {
        const ssize_t length = received(descriptor, buffer, sizeof buffer);
        if (length <= 0) return errno != 0 ? errno : EIO;
        size_t left = (size_t)length;
        for (struct nlmsghdr *message = (struct nlmsghdr *)buffer; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            // What is left of an earlier dump that was given up.
            if (message->nlmsg_seq != question.header.nlmsg_seq) continue;
            if (message->nlmsg_type == NLMSG_DONE) return 0;
            if (message->nlmsg_type == NLMSG_ERROR) {
                const struct nlmsgerr *error = NLMSG_DATA(message);
                return message->nlmsg_len >= NLMSG_LENGTH(sizeof *error) && error->error < 0 ? -error->error : EIO;
            }
            if (message->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) continue;
            const struct inet_diag_msg *socket = NLMSG_DATA(message);
            if (protocol == IPPROTO_UDP && (socket->id.idiag_dport != 0 || ntohs(socket->id.idiag_sport) >= port_limit)) continue;
            *sum += of_socket(socket, protocol);
        }
    }
}

int muster_listener_digest(int descriptor, bool is_udp, uint16_t udp_port_limit, uint64_t *digest) {
    static const uint8_t families[] = {AF_INET, AF_INET6};
    *digest = 0;
    for (int family = 0; family < 2; family++) {
        errno = 0;
        const int error = add(descriptor, families[family], is_udp ? IPPROTO_UDP : IPPROTO_TCP, udp_port_limit, digest);
        // A kernel without IPv6 has no table of it.
        if (error != 0 && !(families[family] == AF_INET6 && (error == ENOENT || error == EAFNOSUPPORT))) return error;
    }
    return 0;
}
