#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "CPNG.h"

static png_image empty_image(void) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  return image;
}

static size_t chunk_length(const uint8_t* chunk) {
  return (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | (size_t)chunk[2] << 8 | chunk[3];
}

static bool is_essential(const uint8_t* type) {
  static const char types[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB"};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (memcmp(type, types[i], 4) == 0) return true;
  }
  return false;
}

/// A copy of the PNG with the chunks alone that its pixels follow from; NULL where the header is not the
/// first, or a chunk goes on past the end. For others, such as texts and profiles, libpng makes as much room as they ask for, which may
/// be gigabytes. The caller frees it.
static uint8_t* essential_copy(const uint8_t* bytes, size_t count, size_t* copied) {
  const size_t signature = 8;
  if (count < signature + 12 || memcmp(bytes + signature + 4, "IHDR", 4) != 0) return NULL;
  uint8_t* copy = malloc(count);
  if (!copy) return NULL;
  memcpy(copy, bytes, signature);
  *copied = signature;
  // Behind the signature stand chunks: length, type, data, checksum.
  for (size_t at = signature; at + 12 <= count;) {
    size_t length = chunk_length(bytes + at);
    if (length > count - at - 12) {
      free(copy);
      return NULL;
    }
    if (is_essential(bytes + at + 4)) {
      memcpy(copy + *copied, bytes + at, length + 12);
      *copied += length + 12;
    }
    at += length + 12;
  }
  return copy;
}

bool rt_png_read_header(const void* bytes, size_t count, rt_png_header* header) {
  size_t copied;
  uint8_t* copy = essential_copy(bytes, count, &copied);
  if (!copy) return false;
  png_image image = empty_image();
  bool is_png = png_image_begin_read_from_memory(&image, copy, copied) != 0;
  header->width = image.width;
  header->height = image.height;
  header->is_gray = (image.format & PNG_FORMAT_FLAG_COLOR) == 0;
  png_image_free(&image);
  free(copy);
  return is_png;
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
  for (size_t at = 8; at + 12 <= count && state == Z_OK && total <= limit;) {
    size_t length = chunk_length(bytes + at);
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

/// Decodes what `essential_copy` has left of a PNG.
static bool decode(
    const uint8_t* bytes, size_t count, bool as_gray, uint8_t* pixels, size_t pixel_count) {
  png_image image = empty_image();
  if (!png_image_begin_read_from_memory(&image, bytes, count)) return false;
  // At most four channels of 16 bits, and a byte a row, of which interlaced pictures have more.
  uint64_t most = (uint64_t)image.height * (8 * (uint64_t)image.width + 16) + 4096;
  image.format = as_gray ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  // The size is checked again: one that the caller did not make room for is never written.
  if (!inflates_within(bytes, count, most) || PNG_IMAGE_SIZE(image) != pixel_count) {
    png_image_free(&image);
    return false;
  }
  const png_color black = {0, 0, 0};
  return png_image_finish_read(&image, &black, pixels, 0, NULL) != 0;
}

bool rt_png_decode(
    const void* bytes, size_t count, bool as_gray, uint8_t* pixels, size_t pixel_count) {
  size_t copied;
  uint8_t* copy = essential_copy(bytes, count, &copied);
  if (!copy) return false;
  bool is_decoded = decode(copy, copied, as_gray, pixels, pixel_count);
  free(copy);
  return is_decoded;
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
