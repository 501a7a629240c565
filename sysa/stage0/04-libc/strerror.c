// SPDX-License-Identifier: GPL-3.0-or-later
// What the commonest errors are called. (C99)
#include <string.h>

char *strerror(int error) {
    static char *const messages[] = {
        "Success", "Operation not permitted", "No such file or directory", "No such process", "Interrupted system call",
        "Input/output error", "No such device or address", "Argument list too long", "Exec format error",
        "Bad file descriptor", "No child processes", "Resource temporarily unavailable", "Cannot allocate memory",
        "Permission denied", "Bad address", "Block device required", "Device or resource busy", "File exists",
        "Invalid cross-device link", "No such device", "Not a directory", "Is a directory", "Invalid argument",
        "Too many open files in system", "Too many open files", "Inappropriate ioctl for device", "Text file busy",
        "File too large", "No space left on device", "Illegal seek", "Read-only file system", "Too many links", "Broken pipe"
    };
    return error >= 0 && error < sizeof messages / sizeof *messages ? messages[error] : "Unknown error";
}
