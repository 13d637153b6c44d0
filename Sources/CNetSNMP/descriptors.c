// Connected descriptors and the wait for them.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CNetSNMP.h"

static int connect_to(int descriptor, const uint8_t *address, size_t length, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (length == 4) {
        memcpy(&v4.sin_addr, address, 4);
        return connect(descriptor, (struct sockaddr *)&v4, sizeof v4);
    }
    memcpy(&v6.sin6_addr, address, 16);
    return connect(descriptor, (struct sockaddr *)&v6, sizeof v6);
}

int cns_connect(const uint8_t *address, size_t length, uint16_t port, int stream) {
    int descriptor, failure, on = 1;
    if (length != 4 && length != 16) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    descriptor = socket(
        length == 4 ? AF_INET : AF_INET6, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (stream) setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect_to(descriptor, address, length, port) == 0 || (stream && errno == EINPROGRESS)) return descriptor;
    failure = errno;
    close(descriptor);
    errno = failure;
    return -1;
}

int cns_connect_result(int descriptor) {
    int failure = 0;
    socklen_t length = sizeof failure;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) != 0) return errno;
    return failure;
}

int cns_poll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cns_poll_add(int poll, int descriptor, int writable) {
    struct epoll_event event = {.events = writable ? EPOLLOUT : EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

int cns_poll_readable(int poll, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event);
}

int cns_poll_remove(int poll, int descriptor) { return epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL); }

int cns_poll_wait(int poll, int *descriptors, int capacity, int timeout_milliseconds) {
    struct epoll_event events[64];
    int count = epoll_wait(poll, events, capacity < 64 ? capacity : 64, timeout_milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int index = 0; index < count; index++) descriptors[index] = events[index].data.fd;
    return count;
}

int cns_wake_create(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void cns_wake(int descriptor) {
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;  // a full counter wakes as well
}

void cns_wake_clear(int descriptor) {
    uint64_t count;
    ssize_t got = read(descriptor, &count, sizeof count);
    (void)got;
}
