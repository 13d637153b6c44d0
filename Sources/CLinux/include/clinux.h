#ifndef MUSTER_CLINUX_H
#define MUSTER_CLINUX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cdns.h"
#include "csystemd.h"

/// What statfs(2) says of a file system, in bytes.
typedef struct {
    uint64_t size_bytes;
    uint64_t free_bytes;
    /// What a user without privileges can still write.
    uint64_t available_bytes;
    uint64_t inodes;
    uint64_t free_inodes;
} muster_filesystem;

/// Fills `result` for the file system at `path`; 0 or an error number. Blocks while the file system does.
int muster_statfs(const char *path, muster_filesystem *result);

/// How the kernel's clock stands (adjtimex(2)).
typedef struct {
    bool is_synchronized;
    /// What the clock is still to be corrected by.
    double offset_seconds;
    /// How far it may be off at most.
    double maximum_error_seconds;
} muster_clock;

/// Fills `result`; 0 or an error number. Changes nothing and needs no rights.
int muster_read_clock(muster_clock *result);

/// pipe2(2) with O_CLOEXEC; 0 or an error number.
int muster_pipe(int ends[2]);

/// A file in memory without a path (memfd_create(2), close-on-exec); its descriptor, or an error number below zero.
int muster_memory_file(void);

/// What the kernel holds a process to (setrlimit(2)).
typedef enum {
    /// Octets of memory that it writes to, without what it shares (RLIMIT_DATA).
    MUSTER_LIMIT_DATA,
    /// Files and sockets at once (RLIMIT_NOFILE).
    MUSTER_LIMIT_FILES,
    /// Processes and threads of its user (RLIMIT_NPROC); root is not held to it.
    MUSTER_LIMIT_TASKS,
    /// Seconds of processor time since its start (RLIMIT_CPU); beyond it is ended by SIGXCPU.
    MUSTER_LIMIT_PROCESSOR
} muster_limit;

/// Holds the process, and what it starts, to `value`, or to its hard limit where that is lower; 0 or an error number.
int muster_set_limit(muster_limit what, uint64_t value);

/// Seconds of processor time that the process has used, up to the next whole one (getrusage(2)).
uint64_t muster_processor_seconds(void);

/// Keeps the process from gaining privileges (PR_SET_NO_NEW_PRIVS); 0 or an error number.
int muster_no_new_privileges(void);

/// The user, group and process at the other end of a unix socket (SO_PEERCRED); 0 or an error number.
int muster_peer_credentials(int descriptor, uid_t *user, gid_t *group, pid_t *process);

/// How many columns of a terminal the character takes by the locale's tables (wcwidth(3)); -1 for unprintable ones.
int muster_character_width(uint32_t character);

/// What a netlink socket is about.
typedef enum {
    /// The kernel's messages about devices (NETLINK_KOBJECT_UEVENT).
    MUSTER_DEVICES,
    /// Changes of interfaces, addresses and routes of IPv4 (NETLINK_ROUTE).
    MUSTER_NETWORK,
    /// Questions about sockets (NETLINK_SOCK_DIAG).
    MUSTER_SOCKETS,
    /// Questions about interfaces and who is beside them (NETLINK_ROUTE).
    MUSTER_ROUTES,
    /// Questions to families that have no number of their own, such as nl80211 (NETLINK_GENERIC).
    MUSTER_GENERIC,
    /// Questions about packet filters (NETLINK_NETFILTER); the kernel answers CAP_NET_ADMIN alone.
    MUSTER_NETFILTER
} muster_netlink;

/// A netlink socket that does not block (netlink(7)); its descriptor, or an error number below zero.
int muster_netlink_open(muster_netlink about);

/// Asks a management controller over /dev/ipmiN (IPMI 2.0, chapter 5; Linux' driver/char/ipmi) and waits for its answer no longer
/// than `milliseconds`. `reply` gets the completion code and what follows it, at most `capacity` octets; their number, or an error
/// number below zero.
int muster_ipmi_ask(int descriptor, uint8_t function, uint8_t command, const uint8_t *data, uint16_t count, uint8_t *reply, uint16_t capacity,
                    int milliseconds);

/// One number for what listens in this network namespace: TCP sockets that listen, or UDP sockets without a peer on ports
/// below `udp_port_limit` (inet_diag, sock_diag(7)). Sockets are told apart by their inode, their order does not count.
/// `descriptor` is one about sockets. 0 or an error number.
int muster_listener_digest(int descriptor, bool is_udp, uint16_t udp_port_limit, uint64_t *digest);

/// Lets the C library keep little for a program that rests most of the time: one arena for all threads, and what is large
/// goes back as soon as it is freed (mallopt(3)). Call it before there is a second thread.
void muster_keep_little_memory(void);

/// Gives what was freed back to the kernel (malloc_trim(3)), and the pages of this program's code, which are clean: those that are
/// needed again come back from the page cache (madvise(2)).
void muster_give_memory_back(void);

#endif
