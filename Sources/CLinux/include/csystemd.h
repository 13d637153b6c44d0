#ifndef MUSTER_CSYSTEMD_H
#define MUSTER_CSYSTEMD_H

#include <stddef.h>
#include <stdint.h>

// What systemd says over D-Bus (org.freedesktop.systemd1), asked through systemd's own library. It is loaded when it is first
// needed: hosts without systemd need not have it, and it is on every host that systemd runs.

/// How a unit is; texts end with NUL and are cut to their room.
typedef struct {
    /// Whether there is such a unit: `loaded`, `not-found`, `masked`, `error`, `bad-setting`.
    char load[32];
    /// `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`, `maintenance`.
    char active[32];
    /// The state in the words of its kind: `running`, `exited`, `auto-restart`, `dead`.
    char sub[32];
    /// Of a service why it failed: `exit-code`, `signal`, `timeout`, `oom-kill`; empty for other kinds.
    char result[32];
} muster_unit;

/// What the manager counts.
typedef struct {
    uint32_t loaded;
    uint32_t failed;
    uint32_t jobs;
} muster_units;

/// Asks the system bus for a unit; 0 or an error number: ELIBACC without the library, ENOENT without a bus. Each of the few questions
/// takes at most `microseconds`.
int muster_read_unit(const char *name, uint64_t microseconds, muster_unit *result);

/// Asks the system bus for what the manager counts; as above.
int muster_count_units(uint64_t microseconds, muster_units *result);

#endif
