#include <zlib.h>

// deflateInit2 and inflateInit2 are macros, which Swift does not import.
static inline int muster_deflate_init_gzip(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int muster_inflate_init_gzip(z_streamp stream) {
    return inflateInit2(stream, 15 + 16);
}

static inline int muster_inflate_init_zlib(z_streamp stream) {
    return inflateInit2(stream, 15);
}

static inline int muster_inflate_init_raw(z_streamp stream) {
    return inflateInit2(stream, -15);
}
