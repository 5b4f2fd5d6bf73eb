#include <png.h>
#include <string.h>
#include <zlib.h>

#include "CPNG.h"

static png_image empty_image(void) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  return image;
}

bool rt_png_read_header(const void* bytes, size_t count, rt_png_header* header) {
  png_image image = empty_image();
  if (!png_image_begin_read_from_memory(&image, bytes, count)) return false;
  header->width = image.width;
  header->height = image.height;
  header->is_gray = (image.format & PNG_FORMAT_FLAG_COLOR) == 0;
  png_image_free(&image);
  return true;
}

/// Whether the image data of a PNG inflate to at most `limit` bytes: libpng goes on inflating behind the
/// last row, however much there is.
static bool inflates_within(const uint8_t* bytes, size_t count, uint64_t limit) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit(&stream) != Z_OK) return false;
  uint8_t scratch[16 << 10];
  uint64_t total = 0;
  int state = Z_OK;
  // Behind the signature stand chunks: length, type, data, checksum.
  for (size_t at = 8; at + 12 <= count && state == Z_OK && total <= limit;) {
    size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                    (size_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (length > count - at - 12) break;
    if (memcmp(bytes + at + 4, "IDAT", 4) == 0) {
      stream.next_in = (Bytef*)(bytes + at + 8);
      stream.avail_in = (uInt)length;
      do {
        stream.next_out = scratch;
        stream.avail_out = sizeof scratch;
        state = inflate(&stream, Z_NO_FLUSH);
        total += sizeof scratch - stream.avail_out;
      } while (state == Z_OK && total <= limit && stream.avail_out == 0);
      if (state == Z_BUF_ERROR) state = Z_OK;
    }
    at += length + 12;
  }
  inflateEnd(&stream);
  return total <= limit;
}

bool rt_png_decode(
    const void* bytes, size_t count, bool as_gray, uint8_t* pixels, size_t pixel_count) {
  png_image image = empty_image();
  if (!png_image_begin_read_from_memory(&image, bytes, count)) return false;
  // At most four channels of 16 bits, and a byte a row, of which interlaced pictures have more.
  uint64_t most = (uint64_t)image.height * (8 * (uint64_t)image.width + 16) + 4096;
  if (!inflates_within(bytes, count, most)) {
    png_image_free(&image);
    return false;
  }
  image.format = as_gray ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  // Checked again: a size that the caller did not make room for is never written.
  if (PNG_IMAGE_SIZE(image) != pixel_count) {
    png_image_free(&image);
    return false;
  }
  const png_color black = {0, 0, 0};
  return png_image_finish_read(&image, &black, pixels, 0, NULL) != 0;
}

static png_image image_of(rt_png_header header) {
  png_image image = empty_image();
  image.width = header.width;
  image.height = header.height;
  image.format = header.is_gray ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  return image;
}

bool rt_png_encode(const uint8_t* pixels, rt_png_header header, void* bytes, size_t* count) {
  png_image image = image_of(header);
  return png_image_write_to_memory(&image, bytes, count, 0, pixels, 0, NULL) != 0;
}

size_t rt_png_bound(rt_png_header header) {
  png_image image = image_of(header);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}
