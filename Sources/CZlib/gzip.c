#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "CZlib.h"

/// Opens a regular file and tells its size. Returns as `rt_gz_open` does.
static int open_regular(const char* path, int* descriptor, off_t* size) {
  // A pipe without a writer would block the open.
  int opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) return errno;
  struct stat status;
  int failure = fstat(opened, &status) ? errno : 0;
  if (!failure && !S_ISREG(status.st_mode)) failure = RT_GZ_NOT_A_FILE;
  if (failure) {
    close(opened);
    return failure;
  }
  *descriptor = opened;
  *size = status.st_size;
  return 0;
}

int rt_gz_open(const char* path, rt_gz_file** file) {
  int descriptor;
  off_t size;
  int failure = open_regular(path, &descriptor, &size);
  if (failure) return failure;
  gzFile opened = gzdopen(descriptor, "rb");
  if (!opened) {
    close(descriptor);
    return ENOMEM;
  }
  gzbuffer(opened, 1 << 18);
  *file = (rt_gz_file*)opened;
  return 0;
}

const char* rt_gz_open_text(int code) { return strerror(code); }

void rt_gz_close(rt_gz_file* file) { gzclose_r((gzFile)file); }

int64_t rt_gz_content_size(const char* path) {
  int descriptor;
  off_t size;
  if (open_regular(path, &descriptor, &size)) return -1;
  int64_t content = size;
  uint8_t magic[2], end[4];
  // RFC 1952: a member begins with 1F 8B, and ends with its length before compression.
  if (pread(descriptor, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B) {
    content = size >= 18 && pread(descriptor, end, 4, size - 4) == 4
                  ? (int64_t)((uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 |
                              (uint32_t)end[3] << 24)
                  : -1;
  }
  close(descriptor);
  return content;
}

rt_gz_status rt_gz_read(rt_gz_file* file, void* bytes, size_t count, size_t* produced) {
  int read = gzread((gzFile)file, bytes, (unsigned)count);
  *produced = read > 0 ? (size_t)read : 0;
  int error;
  gzerror((gzFile)file, &error);
  if (error == Z_ERRNO) return RT_GZ_UNREADABLE;
  if (read < 0) return RT_GZ_DAMAGED;
  // gzread reports an early end through the error alone.
  return error == Z_BUF_ERROR ? RT_GZ_TRUNCATED : RT_GZ_OK;
}
