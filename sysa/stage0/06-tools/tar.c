/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks tar: ustar (POSIX.1-1988), with pax headers (POSIX.1-2001) and GNU's long names.
 *
 * An archive is a row of 512-byte blocks: a header, the data that it announces padded to whole blocks, the next
 * header, and so on to a block of zeros. The bytes come in pieces of any size (tar_feed), so what is
 * being read is kept in a few variables. */
#include "untar.h"

enum { BLOCK = 512 };

/* Numbers are octal digits; texts end in a 0 unless they fill their field. */
static union {
    unsigned char bytes[BLOCK];
    struct {
        char name[100], mode[8], user[8], group[8], size[12], time[12], checksum[8], type, target[100];
        char magic[6], version[2], names[64], device[16], prefix[155], rest[12];
    } field;
} header;

static const char *archive, *root;
static int strip;

static long header_len;     /* how much of the header is there */
static long data_left;      /* bytes of data still to come, */
static long padding_left;   /* and of padding after them */
static int finished;        /* the block of zeros has come */

static int out = -1;        /* the file that the data goes to, or -1 */
static struct text path;    /* its name */
static int meta_type;       /* 'L', 'K', 'x', 'g': the data is about the next entry, and goes to `meta`; or 0 */
static struct text meta;

/* The next entry, from such data or its own header. Empty, or -1, until something has said what it is. */
static struct text name, target;
static long size = -1;

void tar_start(const char *file, const char *below, int components) {
    archive = file;
    root = below;
    strip = components;
}

static void intact(int ok) {
    require(ok, archive, "corrupt, or not a tar file");
}

static long octal(const char *field, int len) {
    long value = 0;
    for (; len > 0 && *field == ' '; len--)
        field++;
    for (; len > 0 && *field >= '0' && *field <= '7'; len--)
        value = value * 8 + *field++ - '0';
    intact(len == 0 || *field == ' ' || *field == 0);
    return value;
}

static void add_field(struct text *t, const char *field, int len) {
    const char *end = memchr(field, 0, len);
    text_add(t, field, end ? end - field : len);
}

/* Where `from` is unpacked to: below the root, without the stripped components. 0 if nothing of it is left.
 * Dies if it leads out of the tree. */
static int safe_path(struct text *safe, const char *from) {
    int skip = strip, len, any = 0;
    require(*from != '/', archive, "refused: an absolute name");
    for (text_set(safe, root); *from; from += len + (from[len] == '/')) {
        len = strcspn(from, "/");
        require(len != 2 || memcmp(from, "..", 2) != 0, archive, "refused: a name with '..' in it");
        if (len == 0 || (len == 1 && *from == '.') || skip-- > 0)
            continue;
        text_add(safe, "/", any);
        text_add(safe, from, len);
        any = 1;
    }
    return any;
}

/* pax records: "LENGTH KEYWORD=VALUE\n" ... where LENGTH counts all of it */
static void pax_records(void) {
    char *p = meta.data, *end = p + meta.len, *key, *value;
    while (p < end) {
        long len = strtol(p, &key, 10);
        intact(len > 0 && len <= end - p && *key++ == ' ' && p[len - 1] == '\n');
        p += len;
        p[-1] = 0;
        value = key < p ? strchr(key, '=') : 0;
        intact(value != 0);
        *value++ = 0;
        if (strcmp(key, "path") == 0)
            text_set(&name, value);
        if (strcmp(key, "linkpath") == 0)
            text_set(&target, value);
        if (strcmp(key, "size") == 0)
            size = strtol(value, 0, 10);
        require(strncmp(key, "GNU.sparse", 10) != 0, archive, "sparse files are not supported");
    }
}

static void entry(int type, int mode) {
    static struct text existing;
    if (!strchr("01257", type))
        die("%s: '%s' is of a kind (type '%c') that is not supported", archive, name.data, type);
    if (!safe_path(&path, name.data))
        return;
    make_parents(path.data, 0);
    if (type == '1' || type == '2')
        unlink(path.data);
    if (type == '5' || (type == 0 && name.data[name.len - 1] == '/')) { /* the latter before there was a type */
        make_directory(path.data, mode | 0700, 0);
    } else if (type == '1') {
        intact(safe_path(&existing, target.data));
        must(link(existing.data, path.data), path.data);
    } else if (type == '2') {
        must(symlink(target.data, path.data), path.data);
    } else {
        out = create(path.data, mode);
    }
}

static void data_done(void) {
    if (out >= 0)
        close(out);
    out = -1;
    if (meta_type == 'L')
        text_set(&name, meta.data);
    if (meta_type == 'K')
        text_set(&target, meta.data);
    if (meta_type == 'x')
        pax_records();
    meta_type = 0;
}

static void header_done(void) {
    long i, sum = 8 * ' '; /* of all bytes, those of the checksum itself counted as blanks */
    int type = header.field.type;
    header_len = 0;
    for (i = 0; i < BLOCK; i++)
        sum += i >= 148 && i < 156 ? 0 : header.bytes[i];
    finished = sum == 8 * ' ' && !header.field.checksum[0];
    if (finished)
        return;
    intact(sum == octal(header.field.checksum, 8));
    data_left = octal(header.field.size, 12);
    if (type && strchr("LKxg", type)) {
        meta_type = type;
        text_set(&meta, "");
    } else {
        if (name.len == 0) {
            if (memcmp(header.field.magic, "ustar", 6) == 0 && header.field.prefix[0]) {
                add_field(&name, header.field.prefix, 155);
                text_char(&name, '/');
            }
            add_field(&name, header.field.name, 100);
        }
        if (target.len == 0)
            add_field(&target, header.field.target, 100);
        if (size >= 0)
            data_left = size;
        if (type == '1' || type == '2' || type == '5')
            data_left = 0; /* some archives repeat the size of a hard link's target */
        entry(type, octal(header.field.mode, 8) & 0777);
        text_set(&name, "");
        text_set(&target, "");
        size = -1;
    }
    padding_left = (BLOCK - data_left % BLOCK) % BLOCK;
    if (data_left == 0)
        data_done();
}

void tar_feed(const unsigned char *bytes, long n) {
    long part;
    for (; n > 0 && !finished; bytes += part, n -= part) {
        long wanted = data_left ? data_left : padding_left ? padding_left : BLOCK - header_len;
        part = n < wanted ? n : wanted;
        if (data_left) {
            if (out >= 0)
                write_all(out, bytes, part, path.data);
            if (meta_type)
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
    }
}

void tar_end(void) {
    require(finished, archive, "truncated: the archive ends too early");
}
