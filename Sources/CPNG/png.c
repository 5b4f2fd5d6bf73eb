#include <png.h>
#include <string.h>

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

bool rt_png_decode(
    const void* bytes, size_t count, bool as_gray, uint8_t* pixels, size_t pixel_count) {
  png_image image = empty_image();
  if (!png_image_begin_read_from_memory(&image, bytes, count)) return false;
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
