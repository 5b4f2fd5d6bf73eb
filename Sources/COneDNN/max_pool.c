/// Max pooling of blocked activations, with the norm and the ReLU in front of it in the same pass
/// over memory.
#include <math.h>

#include "COneDNN.h"
#include "team.h"
#include "width.h"

typedef struct {
  const rt_max_pool* pool;
  const float *in, *affine;
  float* out;
  uint8_t* taps;
} operands;

typedef struct {
  rt_range_body forward, backward;
} kernels_of_width;

static int64_t block_count(const rt_max_pool* p) { return (p->channels + p->block - 1) / p->block; }

#define RT_BLOCK 8
#define RT_NAME(x) pool_##x##_8
#include "max_pool_kernels.h"
#define RT_BLOCK 16
#define RT_NAME(x) pool_##x##_16
#include "max_pool_kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define RT_BLOCK 8
#define RT_NAME(x) pool_##x##_avx2
#include "max_pool_kernels.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define RT_BLOCK 16
#define RT_NAME(x) pool_##x##_avx512
#include "max_pool_kernels.h"
#pragma clang attribute pop
#endif

static const kernels_of_width* kernels(int64_t block) {
  static const kernels_of_width* const instances[RT_WIDTHS] = {
      [RT_WIDTH_8] = &pool_kernels_8,
      [RT_WIDTH_16] = &pool_kernels_16,
#if defined(__x86_64__)
      [RT_WIDTH_8_AVX2] = &pool_kernels_avx2,
      [RT_WIDTH_16_AVX512] = &pool_kernels_avx512,
#endif
  };
  return instances[rt_width_for(block)];
}

static size_t map_items(const rt_max_pool* p) { return (size_t)(block_count(p) * p->batch); }

void rt_max_pool_forward(const rt_max_pool* p, const float* in, const float* affine, float* out,
                         uint8_t* taps) {
  operands o = {.pool = p, .in = in, .affine = affine, .out = out, .taps = taps};
  rt_team_run(kernels(p->block)->forward, &o, map_items(p), 1);
}

void rt_max_pool_backward(const rt_max_pool* p, const float* gradient, const uint8_t* taps,
                          float* in_gradient) {
  operands o = {.pool = p, .in = gradient, .out = in_gradient, .taps = (uint8_t*)taps};
  rt_team_run(kernels(p->block)->backward, &o, map_items(p), 1);
}
