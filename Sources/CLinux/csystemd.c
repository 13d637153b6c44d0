#define _GNU_SOURCE
#include "csystemd.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct sd_bus sd_bus;

// sd-bus(3): the few functions that are used, of the library's stable interface (libsystemd.so.0, since systemd 241).
static struct {
    int (*open_system)(sd_bus **);
    int (*set_timeout)(sd_bus *, uint64_t);
    int (*is_ready)(sd_bus *);
    int (*process)(sd_bus *, void *);
    int (*wait)(sd_bus *, uint64_t);
    // Not the one that flushes first: there is nothing left to send, and it waits for a bus that says nothing.
    sd_bus *(*close_unref)(sd_bus *);
    int (*path_encode)(const char *, const char *, char **);
    int (*get_string)(sd_bus *, const char *, const char *, const char *, const char *, void *, char **);
    int (*get_trivial)(sd_bus *, const char *, const char *, const char *, const char *, void *, char, void *);
} library;

static int library_error = ELIBACC;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load_library(void) {
    void *handle = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return;
    *(void **)&library.open_system = dlsym(handle, "sd_bus_open_system");
    *(void **)&library.set_timeout = dlsym(handle, "sd_bus_set_method_call_timeout");
    *(void **)&library.is_ready = dlsym(handle, "sd_bus_is_ready");
    *(void **)&library.process = dlsym(handle, "sd_bus_process");
    *(void **)&library.wait = dlsym(handle, "sd_bus_wait");
    *(void **)&library.close_unref = dlsym(handle, "sd_bus_close_unref");
    *(void **)&library.path_encode = dlsym(handle, "sd_bus_path_encode");
    *(void **)&library.get_string = dlsym(handle, "sd_bus_get_property_string");
    *(void **)&library.get_trivial = dlsym(handle, "sd_bus_get_property_trivial");
    if (library.open_system && library.set_timeout && library.is_ready && library.process && library.wait &&
        library.close_unref && library.path_encode && library.get_string && library.get_trivial) {
        library_error = 0;
    }
}

static const char destination[] = "org.freedesktop.systemd1";
static const char unit_interface[] = "org.freedesktop.systemd1.Unit";

static uint64_t now_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/// Waits until the bus has taken us in: a call would wait for that as long as the library likes.
static int wait_until_ready(sd_bus *bus, uint64_t microseconds) {
    const uint64_t end = now_microseconds() + microseconds;
    for (;;) {
        int status = library.is_ready(bus);
        if (status != 0) return status < 0 ? -status : 0;
        status = library.process(bus, NULL);
        if (status < 0) return -status;
        if (status > 0) continue;
        const uint64_t now = now_microseconds();
        if (now >= end) return ETIMEDOUT;
        status = library.wait(bus, end - now);
        if (status < 0 && status != -EINTR) return -status;
    }
}

static int open_bus(uint64_t microseconds, sd_bus **bus) {
    pthread_once(&once, load_library);
    if (library_error != 0) return library_error;
    int status = library.open_system(bus);
    if (status < 0) return -status;
    status = library.set_timeout(*bus, microseconds);
    const int error = status < 0 ? -status : wait_until_ready(*bus, microseconds);
    if (error != 0) library.close_unref(*bus);
    return error;
}

static int read_text(sd_bus *bus, const char *path, const char *interface, const char *member, char *room) {
    char *text = NULL;
    const int status = library.get_string(bus, destination, path, interface, member, NULL, &text);
    if (status < 0) return -status;
    strncpy(room, text, 31);
    room[31] = 0;
    free(text);
    return 0;
}

int muster_read_unit(const char *name, uint64_t microseconds, muster_unit *result) {
    memset(result, 0, sizeof *result);
    sd_bus *bus = NULL;
    int error = open_bus(microseconds, &bus);
    if (error != 0) return error;
    char *path = NULL;
    error = -library.path_encode("/org/freedesktop/systemd1/unit", name, &path);
    if (error <= 0) {
        error = read_text(bus, path, unit_interface, "LoadState", result->load);
        if (error == 0) error = read_text(bus, path, unit_interface, "ActiveState", result->active);
        if (error == 0) error = read_text(bus, path, unit_interface, "SubState", result->sub);
        const size_t length = strlen(name);
        if (error == 0 && length > 8 && strcmp(name + length - 8, ".service") == 0) {
            error = read_text(bus, path, "org.freedesktop.systemd1.Service", "Result", result->result);
        }
        free(path);
    }
    library.close_unref(bus);
    return error;
}

int muster_count_units(uint64_t microseconds, muster_units *result) {
    memset(result, 0, sizeof *result);
    sd_bus *bus = NULL;
    int error = open_bus(microseconds, &bus);
    if (error != 0) return error;
    const struct {
        const char *member;
        uint32_t *place;
    } counts[] = {{"NNames", &result->loaded}, {"NFailedUnits", &result->failed}, {"NJobs", &result->jobs}};
    for (size_t index = 0; error == 0 && index < sizeof counts / sizeof counts[0]; index++) {
        const int status = library.get_trivial(
            bus, destination, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", counts[index].member,
            NULL, 'u', counts[index].place);
        if (status < 0) error = -status;
    }
    library.close_unref(bus);
    return error;
}
