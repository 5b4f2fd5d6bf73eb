/// A narrow C API over libpng: pictures of 8 bits a channel, to and from memory.
#ifndef RESNET_TUI_CPNG_H
#define RESNET_TUI_CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t width, height;
  /// No pixel has a colour.
  bool is_gray;
} rt_png_header;

/// Reads a PNG's header. False where there is none.
bool rt_png_read_header(const void* bytes, size_t count, rt_png_header* header);

/// Decodes a PNG, of any kind, on black where it is transparent. `pixels` takes height×width×3 bytes,
/// or height×width where `as_gray`. False where the data is damaged or of another size.
bool rt_png_decode(
    const void* bytes, size_t count, bool as_gray, uint8_t* pixels, size_t pixel_count);

/// Encodes height×width×3 bytes, or height×width where `is_gray`, into `bytes`, which have room for
/// `*count`; `*count` becomes the length. False where there is too little room.
bool rt_png_encode(const uint8_t* pixels, rt_png_header header, void* bytes, size_t* count);

/// Bytes that the longest PNG of a size takes.
size_t rt_png_bound(rt_png_header header);

#endif
