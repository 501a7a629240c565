/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of zlib's: GCC would compress with it what it writes for link-time optimisation, which is left out, and for
 * -fsave-optimization-record, which now says that it cannot open its file. */
#ifndef ZLIB_H
#define ZLIB_H

typedef unsigned char Bytef;
typedef struct gzFile_s *gzFile;
typedef struct
{
  const Bytef *next_in;
  Bytef *next_out;
  unsigned avail_in, avail_out;
  void *(*zalloc) (void *, unsigned, unsigned);
  void (*zfree) (void *, void *);
  void *opaque;
} z_stream;

#define Z_NULL 0
#define Z_OK 0
#define Z_STREAM_END 1
#define Z_STREAM_ERROR (-2)
#define Z_SYNC_FLUSH 2
#define Z_FINISH 4
#define Z_NO_COMPRESSION 0
#define Z_BEST_COMPRESSION 9
#define Z_DEFAULT_COMPRESSION (-1)

#define deflateInit(stream, level) ((void) (level), Z_STREAM_ERROR)
#define deflate(stream, flush) Z_STREAM_ERROR
#define deflateEnd(stream) Z_STREAM_ERROR
#define inflateInit(stream) Z_STREAM_ERROR
#define inflate(stream, flush) Z_STREAM_ERROR
#define inflateEnd(stream) Z_STREAM_ERROR
#define zError(status) "not supported"
#define gzopen(name, mode) NULL
#define gzputs(file, text) ((void) (text), 0)
#define gzerror(file, status) ((void) (status), "not supported")
#define gzclose(file) Z_OK
#endif
