#define _GNU_SOURCE
#include "cdns.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

_Static_assert(MUSTER_DNS_NAME_BYTES == NS_MAXDNAME, "a name's room is the library's");

size_t muster_dns_question(const char *name, uint16_t type, uint16_t id, uint8_t *room, size_t size) {
    u_char wire[NS_MAXCDNAME];
    if (ns_name_pton(name, wire, sizeof wire) < 0) return 0;
    size_t length = 0;
    while (length < sizeof wire && wire[length] != 0) length += (size_t)wire[length] + 1;
    length += 1;
    if (length > sizeof wire || NS_HFIXEDSZ + length + NS_QFIXEDSZ > size) return 0;
    memset(room, 0, NS_HFIXEDSZ);
    ns_put16(id, room);
    room[2] = 1;  // recursion desired
    room[5] = 1;  // one question
    memcpy(room + NS_HFIXEDSZ, wire, length);
    ns_put16(type, room + NS_HFIXEDSZ + length);
    ns_put16(ns_c_in, room + NS_HFIXEDSZ + length + 2);
    return NS_HFIXEDSZ + length + NS_QFIXEDSZ;
}

static bool is_whole(const uint8_t *message, size_t length, ns_msg *parsed) {
    return length <= NS_MAXMSG && ns_initparse(message, (int)length, parsed) == 0;
}

bool muster_dns_read_head(const uint8_t *message, size_t length, muster_dns_head *result) {
    if (length < NS_HFIXEDSZ) return false;
    ns_msg parsed;
    result->is_whole = is_whole(message, length, &parsed);
    result->id = (uint16_t)ns_get16(message);
    result->is_answer = (message[2] & 0x80) != 0;
    result->operation = (message[2] >> 3) & 15;
    result->is_authoritative = (message[2] & 4) != 0;
    result->is_truncated = (message[2] & 2) != 0;
    result->code = message[3] & 15;
    result->questions = (uint16_t)ns_get16(message + 4);
    result->answers = (uint16_t)ns_get16(message + 6);
    return true;
}

bool muster_dns_read_answer(const uint8_t *message, size_t length, int index, muster_dns_record *result, char *name) {
    ns_msg parsed;
    ns_rr record;
    if (!is_whole(message, length, &parsed) || ns_parserr(&parsed, ns_s_an, index, &record) != 0) return false;
    result->type = (uint16_t)ns_rr_type(record);
    result->network_class = (uint16_t)ns_rr_class(record);
    result->life_seconds = ns_rr_ttl(record);
    result->offset = (size_t)(ns_rr_rdata(record) - message);
    result->length = ns_rr_rdlen(record);
    memcpy(name, ns_rr_name(record), MUSTER_DNS_NAME_BYTES);
    return true;
}

size_t muster_dns_read_name(const uint8_t *message, size_t length, size_t offset, char *name) {
    if (length > NS_MAXMSG || offset >= length) return 0;
    const int taken = ns_name_uncompress(message, message + length, message + offset, name, MUSTER_DNS_NAME_BYTES);
    return taken > 0 ? (size_t)taken : 0;
}
