#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/timex.h>
#include <unistd.h>
#include <wchar.h>

static uint64_t bytes(uint64_t blocks, uint64_t size) {
    uint64_t product;
    return __builtin_mul_overflow(blocks, size, &product) ? UINT64_MAX : product;
}

int muster_statfs(const char *path, muster_filesystem *result) {
    struct statfs found;
    if (statfs(path, &found) != 0) return errno;
    const uint64_t unit = found.f_frsize > 0 ? (uint64_t)found.f_frsize : (uint64_t)found.f_bsize;
    result->size_bytes = bytes(found.f_blocks, unit);
    result->free_bytes = bytes(found.f_bfree, unit);
    result->available_bytes = bytes(found.f_bavail, unit);
    result->inodes = found.f_files;
    result->free_inodes = found.f_ffree;
    return 0;
}

int muster_read_clock(muster_clock *result) {
    struct timex state = {.modes = 0};
    if (adjtimex(&state) < 0) return errno;
    result->is_synchronized = (state.status & STA_UNSYNC) == 0;
    result->offset_seconds = (double)state.offset / (state.status & STA_NANO ? 1e9 : 1e6);
    result->maximum_error_seconds = (double)state.maxerror / 1e6;
    return 0;
}

int muster_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

int muster_memory_file(void) {
    const int descriptor = memfd_create("muster", MFD_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int muster_set_limit(muster_limit what, uint64_t value) {
    static const int kinds[] = {
        [MUSTER_LIMIT_DATA] = RLIMIT_DATA,
        [MUSTER_LIMIT_FILES] = RLIMIT_NOFILE,
        [MUSTER_LIMIT_TASKS] = RLIMIT_NPROC,
        [MUSTER_LIMIT_PROCESSOR] = RLIMIT_CPU,
    };
    struct rlimit limit;
    if (getrlimit(kinds[what], &limit) != 0) return errno;
    limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
    return setrlimit(kinds[what], &limit) == 0 ? 0 : errno;
}

uint64_t muster_processor_seconds(void) {
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) return 0;
    const uint64_t fractions = (uint64_t)used.ru_utime.tv_usec + (uint64_t)used.ru_stime.tv_usec;
    return (uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec + (fractions + 999999) / 1000000;
}

int muster_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }

int muster_peer_credentials(int descriptor, uid_t *user, gid_t *group, pid_t *process) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return errno;
    *user = credentials.uid;
    *group = credentials.gid;
    *process = credentials.pid;
    return 0;
}

int muster_character_width(uint32_t character) { return wcwidth((wchar_t)character); }

void muster_keep_little_memory(void) {
    mallopt(M_ARENA_MAX, 1);
    // A threshold that is set does not grow by itself.
    mallopt(M_MMAP_THRESHOLD, 64 << 10);
    mallopt(M_TRIM_THRESHOLD, 64 << 10);
    mallopt(M_TOP_PAD, 16 << 10);
}

// The first object is the program itself. Only what is executed and never written: what is written would be lost.
static int let_code_go(struct dl_phdr_info *object, size_t size, void *user) {
    (void)size;
    (void)user;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || (part->p_flags & (PF_X | PF_W)) != PF_X) continue;
        const uintptr_t begin = (object->dlpi_addr + part->p_vaddr + page - 1) & ~(page - 1);
        const uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_filesz) & ~(page - 1);
        if (begin < end) (void)madvise((void *)begin, end - begin, MADV_DONTNEED);
    }
    return 1;
}

void muster_give_memory_back(void) {
    malloc_trim(0);
    dl_iterate_phdr(let_code_go, NULL);
}
