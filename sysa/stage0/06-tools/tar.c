/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks tar: ustar (POSIX.1-1988), with pax headers (POSIX.1-2001) and GNU's long names.
 *
 * An archive is a row of 512-byte blocks: a header, the data that it announces padded to whole blocks, the next
 * header, and so on to a block of zeros. The bytes come in pieces of any size (tar_feed), so what is
 * being read is kept in a few variables. */
#include "untar.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 512 };

/* A header. Numbers are octal digits; texts end in a 0 unless they fill their field. */
static union {
    unsigned char bytes[BLOCK];
    struct {
        char name[100], mode[8], user[8], group[8], size[12], time[12], checksum[8], type, target[100];
        char magic[6], version[2], names[64], device[16], prefix[155], rest[12];
    } field;
} header;

static const char *archive, *root;
static int strip;

static long header_len;   /* how much of the header is there */
static long data_left;    /* bytes of data still to come, */
static long padding_left; /* and of padding after them */
static int finished;      /* the block of zeros has come */

static struct text path;  /* of the current entry */
static int out;           /* the file that the data goes to, or -1 */
static int meta_type;     /* 'L', 'K', 'x', 'g': the data is about the next entry, and goes to `meta`; or 0 */
static struct text meta;

/* what such headers have said: empty or -1 where they have not */
static struct text long_name, long_target;
static long pax_size;

static void check(int ok, const char *what) {
    require(ok, archive, what);
}

static void forget_meta(void) {
    text_set(&long_name, "");
    text_set(&long_target, "");
    pax_size = -1;
}

void tar_start(const char *name, const char *below, int components) {
    archive = name;
    root = below;
    strip = components;
    out = -1;
    forget_meta();
}

static long octal(const char *field, int len) {
    long value = 0;
    for (; len > 0 && *field == ' '; len--)
        field++;
    for (; len > 0 && *field >= '0' && *field <= '7'; len--)
        value = value * 8 + *field++ - '0';
    check(len == 0 || *field == ' ' || *field == 0, "corrupt, or not a tar file: a header with a number that is not octal");
    return value;
}

static void add_field(struct text *t, const char *field, int len) {
    const char *end = memchr(field, 0, len);
    text_add(t, field, end ? end - field : len);
}

/* Where `name` is unpacked to: below the root, without the stripped components. 0 if nothing of it is left.
 * Dies if it leads out of the tree. */
static int safe_path(struct text *safe, const char *name) {
    int skip = strip, len, any = 0;
    if (*name == '/')
        die("%s: refused: '%s' is an absolute name", archive, name);
    for (text_set(safe, root); *name; name += len + (name[len] == '/')) {
        len = strcspn(name, "/");
        if (len == 2 && memcmp(name, "..", 2) == 0)
            die("%s: refused: a name with '..' in it", archive);
        if (len == 0 || (len == 1 && *name == '.') || skip-- > 0)
            continue;
        if (any)
            text_char(safe, '/');
        text_add(safe, name, len);
        any = 1;
    }
    return any;
}

/* ---- headers about the next entry ---- */

/* pax records: "LENGTH KEYWORD=VALUE\n" ... where LENGTH counts all of it */
static void pax_records(void) {
    char *p = meta.data, *end = p + meta.len;
    while (p < end) {
        char *key, *value;
        long len = strtol(p, &key, 10);
        check(len > 0 && len <= end - p && *key++ == ' ' && p[len - 1] == '\n', "corrupt: a malformed pax header");
        p += len;
        p[-1] = 0;
        value = key < p ? strchr(key, '=') : 0;
        check(value != 0, "corrupt: a malformed pax header");
        *value++ = 0;
        if (strcmp(key, "path") == 0)
            text_set(&long_name, value);
        else if (strcmp(key, "linkpath") == 0)
            text_set(&long_target, value);
        else if (strcmp(key, "size") == 0)
            pax_size = strtol(value, 0, 10);
        check(strncmp(key, "GNU.sparse", 10) != 0, "sparse files are not supported");
    }
}

/* ---- entries ---- */

/* A row of entries in the same directory has its parents made once. */
static void parents(void) {
    static struct text last;
    long len = strrchr(path.data, '/') ? strrchr(path.data, '/') - path.data : 0;
    if (last.len == len && len > 0 && memcmp(last.data, path.data, len) == 0)
        return;
    make_parents(path.data, 0);
    last.len = 0;
    text_add(&last, path.data, len);
}

static void entry(int type, const char *name, const char *target, int mode) {
    static struct text existing;
    if (!strchr("01257", type))
        die("%s: '%s' is of a kind (type '%c') that is not supported", archive, name, type);
    if (!safe_path(&path, name))
        return;
    parents();
    if (type == '5' || (type == 0 && name[strlen(name) - 1] == '/')) { /* the latter before there was a type */
        make_directory(path.data, mode | 0700, 0);
    } else if (type == '1') {
        check(safe_path(&existing, target), "corrupt: a hard link to nothing");
        unlink(path.data);
        must(link(existing.data, path.data), path.data);
    } else if (type == '2') {
        unlink(path.data);
        must(symlink(target, path.data), path.data);
    } else {
        out = create(path.data, mode);
    }
}

static void data_done(void) {
    if (out >= 0)
        close(out);
    out = -1;
    if (meta_type == 'L')
        text_set(&long_name, meta.data);
    if (meta_type == 'K')
        text_set(&long_target, meta.data);
    if (meta_type == 'x')
        pax_records();
    meta_type = 0;
}

static void header_done(void) {
    static struct text name, target;
    long i, sum = 8 * ' '; /* of all bytes, those of the checksum itself counted as blanks */
    int type = header.field.type, any = 0;
    header_len = 0;
    for (i = 0; i < BLOCK; i++) {
        any |= header.bytes[i];
        if (i < 148 || i >= 156)
            sum += header.bytes[i];
    }
    if (!any) {
        finished = 1;
        return;
    }
    check(sum == octal(header.field.checksum, 8), "corrupt, or not a tar file: a header with a wrong checksum");
    data_left = octal(header.field.size, 12);
    if (type && strchr("LKxg", type)) {
        meta_type = type;
        text_set(&meta, "");
    } else {
        text_set(&name, "");
        text_set(&target, "");
        if (memcmp(header.field.magic, "ustar", 6) == 0 && header.field.prefix[0]) {
            add_field(&name, header.field.prefix, 155);
            text_char(&name, '/');
        }
        add_field(&name, header.field.name, 100);
        add_field(&target, header.field.target, 100);
        entry(type, long_name.len ? long_name.data : name.data, long_target.len ? long_target.data : target.data,
              octal(header.field.mode, 8) & 0777);
        if (pax_size >= 0)
            data_left = pax_size;
        if (type == '1' || type == '2' || type == '5')
            data_left = 0; /* some archives repeat the size of a hard link's target */
        forget_meta();
    }
    padding_left = (BLOCK - data_left % BLOCK) % BLOCK;
    if (data_left == 0)
        data_done();
}

void tar_feed(const unsigned char *bytes, long n) {
    while (n > 0 && !finished) {
        long wanted = data_left ? data_left : padding_left ? padding_left : BLOCK - header_len;
        long part = n < wanted ? n : wanted;
        if (data_left) {
            if (out >= 0)
                write_all(out, bytes, part, path.data);
            else if (meta_type)
                text_add(&meta, (char *)bytes, part);
            data_left -= part;
            if (data_left == 0)
                data_done();
        } else if (padding_left) {
            padding_left -= part;
        } else {
            memcpy(header.bytes + header_len, bytes, part);
            header_len += part;
            if (header_len == BLOCK)
                header_done();
        }
        bytes += part;
        n -= part;
    }
}

void tar_end(void) {
    check(finished, "truncated: the archive ends too early");
}
