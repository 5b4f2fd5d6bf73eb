/// Which instance of the project's own kernels works on a layout.
///
/// A file of kernels is included once for each instance, by instances.h: a block of 8 or 16
/// channels is a vector, in whatever registers there are, and lies in memory as float32 or
/// bfloat16.
#ifndef RESNET_TUI_WIDTH_H
#define RESNET_TUI_WIDTH_H

#include <stdint.h>

#include "COneDNN.h"

typedef enum {
  RT_WIDTH_8,
  RT_WIDTH_16,
  RT_WIDTH_8_AVX2,
  RT_WIDTH_16_AVX512,
  RT_WIDTHS,
} rt_width;

/// The best width that this CPU runs for layouts of `block` channels, 8 or 16.
rt_width rt_width_for(int64_t block);

/// The table of a file's instances, by width and element.
#if defined(__x86_64__)
#define RT_INSTANCES                                                                      \
  {                                                                                       \
    [RT_WIDTH_8] = {&kernels_8_f32, &kernels_8_bf16},                                     \
    [RT_WIDTH_16] = {&kernels_16_f32, &kernels_16_bf16},                                  \
    [RT_WIDTH_8_AVX2] = {&kernels_avx2_f32, &kernels_avx2_bf16}, [RT_WIDTH_16_AVX512] = { \
      &kernels_avx512_f32,                                                                \
      &kernels_avx512_bf16                                                                \
    }                                                                                     \
  }
#else
#define RT_INSTANCES                                       \
  {                                                        \
      [RT_WIDTH_8] = {&kernels_8_f32, &kernels_8_bf16},    \
      [RT_WIDTH_16] = {&kernels_16_f32, &kernels_16_bf16}, \
  }
#endif

#endif
