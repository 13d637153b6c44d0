#ifndef MUSTER_CTOML_H
#define MUSTER_CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a value is.
typedef enum {
    MUSTER_TOML_TABLE,
    MUSTER_TOML_ARRAY,
    MUSTER_TOML_STRING,
    MUSTER_TOML_INTEGER,
    MUSTER_TOML_REAL,
    MUSTER_TOML_BOOLEAN,
    /// A date, a time or both: named, not converted.
    MUSTER_TOML_DATE
} muster_toml_kind;

/// Bytes of valid UTF-8, not terminated; they belong to the document.
typedef struct {
    const char *bytes;
    size_t length;
} muster_toml_text;

/// One value of a document. Values stand in preorder: the descendants of the value at index i are i + 1 ..< end.
typedef struct {
    muster_toml_kind kind;
    /// The key in the parent table; empty in an array and at the root.
    muster_toml_text key;
    /// Where the key begins, counted from 1; 0 where there is no key.
    uint32_t key_line;
    uint32_t key_column;
    /// Where the value begins, counted from 1.
    uint32_t line;
    uint32_t column;
    /// Index behind the last descendant.
    size_t end;
    /// The number of an integer; 0 or 1 for a boolean.
    int64_t integer;
    double real;
    muster_toml_text text;
} muster_toml_node;

/// A parsed text, or why it could not be parsed.
typedef struct muster_toml_document muster_toml_document;

/// Parses `length` bytes; never throws. NULL only when memory ran out.
///
/// Refuses NUL, a byte order mark, keys of more than 32 parts and nesting deeper than 32 before the parser recurses.
muster_toml_document *muster_toml_parse(const char *bytes, size_t length);

/// The values in preorder, the root table first; NULL when parsing failed.
const muster_toml_node *muster_toml_nodes(const muster_toml_document *document, size_t *count);

/// Why parsing failed, and where.
muster_toml_text muster_toml_error(const muster_toml_document *document, uint32_t *line, uint32_t *column);

/// Frees a document; NULL is fine.
void muster_toml_free(muster_toml_document *document);

#ifdef __cplusplus
}
#endif

#endif
