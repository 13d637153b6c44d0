#include "clinux.h"

#include <errno.h>
#include <linux/ipmi.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

int muster_ipmi_ask(int descriptor, uint8_t function, uint8_t command, const uint8_t *data, uint16_t count, uint8_t *reply, uint16_t capacity,
                    int milliseconds) {
    static long number;
    struct ipmi_system_interface_addr controller = {
        .addr_type = IPMI_SYSTEM_INTERFACE_ADDR_TYPE, .channel = IPMI_BMC_CHANNEL, .lun = 0};
    unsigned char octets[IPMI_MAX_MSG_LENGTH];
    if (count > sizeof octets) return -EINVAL;
    memcpy(octets, data, count);
    struct ipmi_req question = {
        .addr = (unsigned char *)&controller,
        .addr_len = sizeof controller,
        .msgid = __atomic_add_fetch(&number, 1, __ATOMIC_RELAXED),
        .msg = {.netfn = function, .cmd = command, .data_len = count, .data = octets},
    };
    if (ioctl(descriptor, IPMICTL_SEND_COMMAND, &question) != 0) return -errno;
    // What is left of an earlier question that was given up comes first.
    for (int tries = 0; tries < 8; tries++) {
        struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
        const int ready = poll(&waiting, 1, milliseconds);
        if (ready < 0 && errno == EINTR) continue;
        if (ready != 1) return -ETIMEDOUT;
        struct ipmi_addr from;
        struct ipmi_recv answer = {
            .addr = (unsigned char *)&from, .addr_len = sizeof from, .msg = {.data = octets, .data_len = sizeof octets}};
        if (ioctl(descriptor, IPMICTL_RECEIVE_MSG_TRUNC, &answer) != 0 && errno != EMSGSIZE) return -errno;
        if (answer.recv_type != IPMI_RESPONSE_RECV_TYPE || answer.msgid != question.msgid) continue;
        const uint16_t length = answer.msg.data_len < capacity ? answer.msg.data_len : capacity;
        memcpy(reply, octets, length);
        return length;
    }
    return -ETIMEDOUT;
}
