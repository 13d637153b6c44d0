// The library as a whole: starting it without its files, keys, and the users it keeps.
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/keytools.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/scapi.h>
#include <net-snmp/library/snmp_enum.h>
#include <net-snmp/library/snmp_logging.h>
#include <net-snmp/library/snmpusm.h>
#include <net-snmp/library/snmpv3.h>

#include <stdio.h>
#include <string.h>

#include "CNetSNMP.h"

// init_snmp() would go on to read configuration files, MIBs and certificate indexes and make directories for them.
// What SNMPv3 needs of it is its own module, told that all configuration has been read: that sets our engine id (made
// at random), the salts and the user without a name that discovery uses.
int cns_initialise(void) {
    static int done;
    netsnmp_session unused;
    if (done) return 0;
    done = 1;
    // Without a handler of its own the library writes what devices make it say to standard error.
    netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
    netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_ALARM_DONT_USE_SIG, 1);
    netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_APPTYPE, "muster");
    snmp_sess_init(&unused);
    snmp_init_statistics();
    init_snmp_enum("muster");
    init_snmpv3("muster");
    snmp_call_callbacks(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_PREMIB_READ_CONFIG, NULL);
    snmp_call_callbacks(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG, NULL);
    return 0;
}

int cns_set_engine(const uint8_t *id, size_t length, uint32_t boots) {
    char text[16];
    if (length < 5 || length > CNS_ENGINE_ID_CAPACITY || set_exact_engineID(id, length) != SNMPERR_SUCCESS) return -1;
    // The library keeps the number to itself, and its reader of configuration adds one to what it is told.
    snprintf(text, sizeof text, "%u", boots > 0 ? boots - 1 : 0);
    engineBoots_conf("engineBoots", text);
    return set_enginetime(
               id, (u_int)length, (u_int)snmpv3_local_snmpEngineBoots(), (u_int)snmpv3_local_snmpEngineTime(), TRUE) ==
            SNMPERR_SUCCESS ? 0 : -1;
}

int cns_make_key(int auth, const uint8_t *passphrase, size_t length, cns_key *key) {
    static const int types[] = {
        NETSNMP_USMAUTH_NOAUTH, NETSNMP_USMAUTH_HMACMD5, NETSNMP_USMAUTH_HMACSHA1, NETSNMP_USMAUTH_HMAC128SHA224,
        NETSNMP_USMAUTH_HMAC192SHA256, NETSNMP_USMAUTH_HMAC256SHA384, NETSNMP_USMAUTH_HMAC384SHA512};
    size_t protocol_length = 0;
    const oid *protocol;
    if (auth <= CNS_AUTH_NONE || auth > CNS_SHA512) return -1;
    protocol = sc_get_auth_oid(types[auth], &protocol_length);
    if (!protocol) return -1;
    key->length = CNS_KEY_CAPACITY;
    return generate_Ku(protocol, (u_int)protocol_length, passphrase, length, key->bytes, &key->length) ==
            SNMPERR_SUCCESS ? 0 : -1;
}

void cns_forget_user(const uint8_t *engine_id, size_t length, const char *user) {
    struct usmUser *known = usm_get_user(engine_id, length, user);
    if (!known) return;
    usm_remove_user(known);
    usm_free_user(known);
}

void cns_forget_engine(const uint8_t *engine_id, size_t length) { free_enginetime((u_char *)engine_id, length); }

// Values are described by type and length; what contradicts itself becomes CNS_UNKNOWN and is never read.
static void describe(const netsnmp_variable_list *variable, cns_varbind *varbind) {
    varbind->type = CNS_UNKNOWN;
    switch (variable->type) {
    case ASN_INTEGER:
        if (variable->val_len != sizeof(long) || !variable->val.integer) return;
        varbind->integer = *variable->val.integer;
        varbind->type = CNS_INTEGER;
        return;
    case ASN_COUNTER:
    case ASN_GAUGE:
    case ASN_UINTEGER:
    case ASN_TIMETICKS:
        if (variable->val_len != sizeof(long) || !variable->val.integer) return;
        varbind->number = (uint64_t)*variable->val.integer & 0xffffffffu;
        varbind->type = variable->type == ASN_COUNTER ? CNS_COUNTER32
            : variable->type == ASN_TIMETICKS ? CNS_TIMETICKS : CNS_GAUGE32;
        return;
    case ASN_COUNTER64:
        if (variable->val_len != sizeof(struct counter64) || !variable->val.counter64) return;
        varbind->number = ((uint64_t)variable->val.counter64->high & 0xffffffffu) << 32 |
            ((uint64_t)variable->val.counter64->low & 0xffffffffu);
        varbind->type = CNS_COUNTER64;
        return;
    case ASN_OBJECT_ID:
        if (variable->val_len % sizeof(oid) != 0 || variable->val_len > MAX_OID_LEN * sizeof(oid)) return;
        if (variable->val_len > 0 && !variable->val.objid) return;
        varbind->oid = variable->val.objid;
        varbind->oid_length = variable->val_len / sizeof(oid);
        varbind->type = CNS_OID;
        return;
    case ASN_IPADDRESS:
        if (variable->val_len != 4) return;
        break;
    case ASN_OCTET_STR:
    case ASN_OPAQUE: break;
    case ASN_NULL: varbind->type = CNS_NULL; return;
    case SNMP_NOSUCHOBJECT: varbind->type = CNS_NO_SUCH_OBJECT; return;
    case SNMP_NOSUCHINSTANCE: varbind->type = CNS_NO_SUCH_INSTANCE; return;
    case SNMP_ENDOFMIBVIEW: varbind->type = CNS_END_OF_MIB; return;
    default: return;
    }
    if (variable->val_len > 65535 || (variable->val_len > 0 && !variable->val.string)) return;
    varbind->bytes = variable->val.string;
    varbind->length = variable->val_len;
    varbind->type = variable->type == ASN_IPADDRESS ? CNS_IPADDRESS
        : variable->type == ASN_OPAQUE ? CNS_OPAQUE : CNS_OCTETS;
}

int cns_next(const void **cursor, cns_varbind *varbind) {
    const netsnmp_variable_list *variable = *cursor;
    if (!variable) return 0;
    *cursor = variable->next_variable;
    memset(varbind, 0, sizeof *varbind);
    if (variable->name && variable->name_length <= MAX_OID_LEN) {
        varbind->name = variable->name;
        varbind->name_length = variable->name_length;
    }
    describe(variable, varbind);
    return 1;
}
