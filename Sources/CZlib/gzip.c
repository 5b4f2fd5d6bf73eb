#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "CZlib.h"

int rt_gz_open(const char* path, rt_gz_file** file) {
  // A pipe without a writer would block the open.
  int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return errno;
  struct stat status;
  int failure = fstat(descriptor, &status) ? errno : 0;
  if (!failure && !S_ISREG(status.st_mode)) failure = RT_GZ_NOT_A_FILE;
  gzFile opened = NULL;
  if (!failure && !(opened = gzdopen(descriptor, "rb"))) failure = ENOMEM;
  if (failure) {
    close(descriptor);
    return failure;
  }
  gzbuffer(opened, 1 << 18);
  *file = (rt_gz_file*)opened;
  return 0;
}

const char* rt_gz_open_text(int code) { return strerror(code); }

void rt_gz_close(rt_gz_file* file) { gzclose_r((gzFile)file); }

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
