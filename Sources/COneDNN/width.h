/// Which instance of the project's own kernels works on a layout.
#ifndef RESNET_TUI_WIDTH_H
#define RESNET_TUI_WIDTH_H

#include <stdint.h>

/// A kernel's source is included once for each: a block of 8 or 16 channels is a vector, in
/// whatever registers there are.
typedef enum {
  RT_WIDTH_8,
  RT_WIDTH_16,
  RT_WIDTH_8_AVX2,
  RT_WIDTH_16_AVX512,
  RT_WIDTHS,
} rt_width;

/// The best instance that this CPU runs for layouts of `block` channels, 8 or 16.
rt_width rt_width_for(int64_t block);

#endif
