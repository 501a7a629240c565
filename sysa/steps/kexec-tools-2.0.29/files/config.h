/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kexec's configure would find out on amd64 Linux with musl: no zlib, no liblzma, no Xen. */
#define PACKAGE_STRING "kexec-tools 2.0.29"
#define PACKAGE_VERSION "2.0.29"
#define HAVE_MEMFD_CREATE 1
