/// A narrow C API over zlib: reading a file that may be gzip-compressed.
#ifndef RESNET_TUI_CZLIB_H
#define RESNET_TUI_CZLIB_H

#include <stddef.h>
#include <stdint.h>

/// A file that is being read, from its start.
typedef struct rt_gz_file rt_gz_file;

/// `rt_gz_open`'s answer for a folder, a pipe or a device.
enum { RT_GZ_NOT_A_FILE = -1 };
/// Opens a regular file, plain or gzip. Returns 0, `RT_GZ_NOT_A_FILE` or an errno; never blocks.
int rt_gz_open(const char* path, rt_gz_file** file);
/// What an errno of `rt_gz_open` means.
const char* rt_gz_open_text(int code);
void rt_gz_close(rt_gz_file* file);
/// Bytes of a regular file's content, modulo 2^32 where it is compressed; for gzip of several
/// members those of the last. Nothing is decompressed. -1 where it cannot be read.
int64_t rt_gz_content_size(const char* path);

typedef enum {
  RT_GZ_OK,
  /// The gzip stream ends early.
  RT_GZ_TRUNCATED,
  /// The gzip stream cannot be decompressed, or its checksum or length is wrong.
  RT_GZ_DAMAGED,
  /// The system cannot read the file.
  RT_GZ_UNREADABLE,
} rt_gz_status;
/// Reads the next `count` (below 2^31) decompressed bytes; `produced` is smaller only at the end of
/// the data, where the gzip checksum has been compared.
rt_gz_status rt_gz_read(rt_gz_file* file, void* bytes, size_t count, size_t* produced);

#endif
