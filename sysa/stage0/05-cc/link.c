// SPDX-License-Identifier: GPL-3.0-or-later
// The linker's part: all source files of a run go into one text and one data section, and what refers to an
// object gets its address at the end, when everything has one. The executable is one static ELF segment
// (System V ABI, chapters 4 and 5) that may be read, written and executed; its end, bss, is zero and not in the file.
#include "cc.h"

Buffer text;
Buffer data;

enum { BASE = 0x400000, HEADER_SIZE = 64 + 56 };

typedef struct Relocation Relocation;
struct Relocation {
    Object *object;
    long offset;     // in text; for ABS64 in data
    long addend;
    int kind;
};

Object *objects;
Buffer relocations;

Object *new_object(Token *token) {
    Object *o = permanent(sizeof(Object));
    o->token = kept(token);
    o->next = objects;
    objects = o;
    return o;
}

// The object of that name that all source files share.
Object *external_object(Token *token) {
    Name *name = token->name;
    if (!name->object) {
        name->object = new_object(token);
        name->object->name = name;
    }
    return name->object;
}

// The object starts at the end of the data section.
void define_in_data(Object *object, int align) {
    if (align > 1)
        put(&data, 0, -data.size & align - 1);
    object->section = DATA;
    object->offset = data.size;
}

void relocate(int kind, long offset, Object *object, long addend) {
    Relocation r;
    r.object = object;
    r.offset = offset;
    r.addend = addend;
    r.kind = kind;
    put(&relocations, (char *)&r, sizeof(Relocation));
}

// Gives every tentative definition its room in bss; returns the size of that.
long place_tentative(void) {
    long size = 0;
    for (Object *o = objects; o; o = o->next)
        if (o->section == UNDEFINED && o->size) {
            size = (size + o->align - 1) / o->align * o->align;
            o->section = BSS;
            o->offset = size;
            size += o->size;
        }
    return size;
}

void apply_relocations(long text_address, long data_address, long bss_address) {
    char *end = relocations.data + relocations.size;
    for (char *p = relocations.data; p < end; p += sizeof(Relocation)) {
        Relocation *r = (Relocation *)p;
        Object *o = r->object;
        if (o->section == UNDEFINED)
            error_at(o->token, "used, but defined nowhere:", o->name ? o->name->text : o->token->name->text);
        long value = o->offset + r->addend;
        value += o->section == TEXT ? text_address : o->section == DATA ? data_address : bss_address;
        if (r->kind == ABS64)
            set_int(data.data + r->offset, value, 8);
        else if (r->kind == ABS32)
            set_int(text.data + r->offset, value, 4);
        else
            set_int(text.data + r->offset, value - (text_address + r->offset + 4), 4);
    }
}

void put_header(Buffer *out, long entry, long memory_size) {
    put(out, "\177ELF\x02\x01\x01", 7);  // 64 bits, little-endian, version 1
    put_int(out, 0, 8);
    put_int(out, 0, 1);
    put_int(out, 2, 2);                     // e_type: ET_EXEC
    put_int(out, 62, 2);                    // e_machine: EM_X86_64
    put_int(out, 1, 4);                     // e_version
    put_int(out, entry, 8);
    put_int(out, 64, 8);                    // e_phoff
    put_int(out, 0, 8);                     // e_shoff
    put_int(out, 0, 4);                     // e_flags
    put_int(out, 64, 2);                    // e_ehsize
    put_int(out, 56, 2);                    // e_phentsize
    put_int(out, 1, 2);                     // e_phnum
    put_int(out, 0, 6);                     // no sections
    put_int(out, 1, 4);                     // p_type: PT_LOAD
    put_int(out, 7, 4);                     // p_flags: read, write, execute
    put_int(out, 0, 8);                     // p_offset
    put_int(out, BASE, 8);                  // p_vaddr
    put_int(out, BASE, 8);                  // p_paddr
    put_int(out, HEADER_SIZE + text.size + data.size, 8);
    put_int(out, HEADER_SIZE + text.size + data.size + memory_size, 8);
    put_int(out, 4096, 8);                  // p_align
}

void write_all(int fd, Buffer *b, char *path) {
    if (write(fd, b->data, b->size) != b->size)
        die("cannot write", path);
}

void write_executable(char *path) {
    Buffer header;
    memset((char *)&header, 0, sizeof(Buffer));
    Object *start = intern("_start", 6)->object;
    put(&text, 0, -(HEADER_SIZE + text.size) & 15);
    put(&data, 0, -data.size & 15);
    long bss_size = place_tentative();
    long text_address = BASE + HEADER_SIZE;
    long data_address = text_address + text.size;
    apply_relocations(text_address, data_address, data_address + data.size);
    if (!start || start->section != TEXT)
        die("nothing defines _start", 0);
    put_header(&header, text_address + start->offset, bss_size);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 493);  // 0755
    if (fd < 0)
        die("cannot create", path);
    write_all(fd, &header, path);
    write_all(fd, &text, path);
    write_all(fd, &data, path);
    close(fd);
}
