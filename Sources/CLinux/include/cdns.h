#ifndef MUSTER_CDNS_H
#define MUSTER_CDNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Messages of the domain name system (RFC 1035) through glibc's own maker and parser (libresolv): every length is held
// against the end of the message, and names whose compression runs in a circle are refused.

/// What the head of a message says.
typedef struct {
    uint16_t id;
    bool is_answer;
    bool is_truncated;
    bool is_authoritative;
    uint8_t operation;
    uint8_t code;
    uint16_t questions;
    uint16_t answers;
    /// Whether every record ends within the message; a truncated one may be cut anywhere.
    bool is_whole;
} muster_dns_head;

/// One resource record of the answer section; its data stands in the message at `offset`.
typedef struct {
    uint16_t type;
    uint16_t network_class;
    uint32_t life_seconds;
    size_t offset;
    size_t length;
} muster_dns_record;

/// Bytes that a name takes as text at most, with its NUL.
#define MUSTER_DNS_NAME_BYTES 1025

/// Writes a question of class IN that asks for recursion; how many bytes it has, 0 where the name is none.
size_t muster_dns_question(const char *name, uint16_t type, uint16_t id, uint8_t *room, size_t size);

/// Reads the head of a message; false where it has none.
bool muster_dns_read_head(const uint8_t *message, size_t length, muster_dns_head *result);

/// Reads record `index` of the answer section and the name it is about into `name` of MUSTER_DNS_NAME_BYTES; false where there
/// is none or it is broken.
bool muster_dns_read_answer(const uint8_t *message, size_t length, int index, muster_dns_record *result, char *name);

/// Reads the name at `offset` into `name` of MUSTER_DNS_NAME_BYTES; how many bytes it takes there, 0 where it is broken.
size_t muster_dns_read_name(const uint8_t *message, size_t length, size_t offset, char *name);

#endif
