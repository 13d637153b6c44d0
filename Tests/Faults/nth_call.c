// Ends a program at its Nth call that changes files, counted over all its threads; for the kill tests.
//
// Preloaded (LD_PRELOAD) into a program that is linked dynamically to the C library. strace's "when=N" counts in each
// thread by itself, and a runtime that moves work between threads makes no thread reach most of its calls: only one
// count for the whole process visits every call.
//
//   NTH_UNDER=DIRECTORY   only calls on files below it count
//   NTH_FLAT=1            only files directly in it, not in directories below
//   NTH_CALL=write        write, pwrite64;  fsync: fsync, fdatasync;  rename: rename
//   NTH_TALLY=FILE        eight bytes, in which the calls made are counted, also when the program is killed
//   NTH_KILL=N            SIGKILL instead of the Nth; 0 or absent only counts
//   NTH_TORN=1            a write gets half of its bytes down before the kill
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *under, *watched;
static uint64_t kill_at;
static int torn, flat;
static _Atomic uint64_t own_tally;
static _Atomic uint64_t *tally = &own_tally;

__attribute__((constructor)) static void prepare(void) {
    under = getenv("NTH_UNDER");
    watched = getenv("NTH_CALL");
    const char *n = getenv("NTH_KILL"), *file = getenv("NTH_TALLY");
    kill_at = n ? strtoull(n, NULL, 10) : 0;
    torn = getenv("NTH_TORN") != NULL;
    flat = getenv("NTH_FLAT") != NULL;
    int fd = file ? open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd < 0) return;
    if (ftruncate(fd, sizeof(uint64_t)) == 0) {
        void *page = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (page != MAP_FAILED) tally = page;
    }
    close(fd);
}

static int is_below(const char *path) {
    size_t length = under ? strlen(under) : 0;
    return length && strncmp(path, under, length) == 0 && path[length] == '/'
        && !(flat && strchr(path + length + 1, '/'));
}

static int is_file_below(int fd) {
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

// True for the call at which the program has to end.
static int is_the_one(const char *call) {
    return watched && strcmp(call, watched) == 0 && atomic_fetch_add(tally, 1) + 1 == kill_at;
}

static void end_now(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) {
    if (is_file_below(fd) && is_the_one("write")) {
        if (torn && REAL(write)(fd, bytes, count / 2) < 0) _exit(99);
        end_now();
    }
    return REAL(write)(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    if (is_file_below(fd) && is_the_one("write")) {
        if (torn && REAL(pwrite64)(fd, bytes, count / 2, offset) < 0) _exit(99);
        end_now();
    }
    return REAL(pwrite64)(fd, bytes, count, offset);
}

int fsync(int fd) {
    if (is_file_below(fd) && is_the_one("fsync")) end_now();
    return REAL(fsync)(fd);
}

int fdatasync(int fd) {
    if (is_file_below(fd) && is_the_one("fsync")) end_now();
    return REAL(fdatasync)(fd);
}

int rename(const char *from, const char *to) {
    if (is_below(to) && is_the_one("rename")) end_now();
    return REAL(rename)(from, to);
}
