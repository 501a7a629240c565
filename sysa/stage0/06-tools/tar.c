/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks tar: ustar (POSIX.1-1988) and GNU's long names. */
#include "tar.h"

static const char *archive;

static void intact(int ok) {
    require(ok, archive, "corrupt, or not a tar file");
}

int tar_sum(const struct tar_header *h) {
    const unsigned char *bytes = (const void *)h;
    int i, sum = 8 * ' '; /* of all bytes, those of the checksum itself counted as blanks */
    for (i = 0; i < BLOCK; i++)
        sum += i < 148 || i >= 156 ? bytes[i] : 0;
    return sum;
}

static long octal(const char *field, int len) {
    char digits[13], *end;
    long value;
    sprintf(digits, "%.*s", len, field);
    value = strtol(digits, &end, 8);
    intact(value >= 0 && (*end == 0 || *end == ' '));
    return value;
}

static void entry(const struct tar_header *h, const char *path, const char *data, long size) {
    char target[101], *slash;
    require(*path != '/', archive, "refused: an absolute name");
    require(!strstr(join("/", path, "/"), "/../"), archive, "refused: a name with '..' in it");
    if (!strchr("0257", h->type))
        die("%s: '%s' is of a kind (type '%c') that is not supported", archive, path, h->type);
    if (h->type == '5')
        path = join(path, "/", "");
    make_parents(path, 0);
    slash = strrchr(path, '/');
    if (slash && !slash[1]) /* a directory: this is how they were told before there was a type */
        return;
    if (h->type == '2') {
        sprintf(target, "%.100s", h->target);
        unlink(path);
        must(symlink(target, path), path);
    } else {
        write_file(path, octal(h->mode, 8) & 0777, data, size);
    }
}

void unpack(const char *name, const char *bytes, long n) {
    const char *end = bytes + n, *long_name = 0, *data;
    char path[257];
    for (archive = name;; bytes = data) {
        const struct tar_header *h = (const void *)bytes;
        int prefix;
        long size;
        require(end - bytes >= BLOCK, archive, "truncated: the archive ends too early");
        if (tar_sum(h) == 8 * ' ' && !h->checksum[0])
            return;
        intact(tar_sum(h) == octal(h->checksum, 8));
        size = h->type == '2' || h->type == '5' ? 0 : octal(h->size, 12);
        data = bytes + BLOCK;
        require(size <= end - data, archive, "truncated: the archive ends too early");
        if (h->type == 'L') { /* GNU's: the name of the next entry */
            intact(memchr(data, 0, size) != 0);
            long_name = data;
        } else if (h->type != 'g') { /* pax's: a comment */
            prefix = memcmp(h->magic, "ustar", 6) == 0 && h->prefix[0];
            sprintf(path, "%.155s%s%.100s", prefix ? h->prefix : "", prefix ? "/" : "", h->name);
            entry(h, long_name ? long_name : path, data, size);
            long_name = 0;
        }
        data += (size + BLOCK - 1) / BLOCK * BLOCK;
    }
}
