/// Max pooling of blocked activations, with the norm and the ReLU in front of it in the same pass
/// over memory.
#include <math.h>

#include "COneDNN.h"
#include "team.h"
#include "width.h"

typedef struct {
  const rt_max_pool* pool;
  const void* in;
  const float* affine;
  void* out;
  uint8_t* taps;
} operands;

typedef struct {
  rt_range_body forward, backward;
} kernels_of_width;

static int64_t block_count(const rt_max_pool* p) { return (p->channels + p->block - 1) / p->block; }

#define RT_KERNELS "max_pool_kernels.h"
#include "instances.h"

static const kernels_of_width* kernels(const rt_max_pool* p) {
  static const kernels_of_width* const instances[RT_WIDTHS][RT_ELEMENTS] = RT_INSTANCES;
  return instances[rt_width_for(p->block)][p->element];
}

static size_t map_items(const rt_max_pool* p) { return (size_t)(block_count(p) * p->batch); }

void rt_max_pool_forward(const rt_max_pool* p, const void* in, const float* affine, void* out,
                         uint8_t* taps) {
  operands o = {.pool = p, .in = in, .affine = affine, .out = out, .taps = taps};
  rt_team_run(kernels(p)->forward, &o, map_items(p), 1);
}

void rt_max_pool_backward(const rt_max_pool* p, const void* gradient, const uint8_t* taps,
                          void* in_gradient) {
  operands o = {.pool = p, .in = gradient, .out = in_gradient, .taps = (uint8_t*)taps};
  rt_team_run(kernels(p)->backward, &o, map_items(p), 1);
}
