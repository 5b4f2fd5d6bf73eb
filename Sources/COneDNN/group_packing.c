/// Groups of a convolution that are narrower than a vector, joined to wider ones.
#include "kernels.h"

typedef struct {
  float* out;
  const float* a;
  const rt_group_packing* packing;
} operands;

/// Rows of taps of the joined weights: one output and input channel each.
static void pack_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_group_packing* p = o->packing;
  const int64_t inputs = p->inputs * p->factor, outputs = p->outputs * p->factor;
  for (size_t row = begin; row < end; row++) {
    int64_t input = (int64_t)row % inputs, output = (int64_t)row / inputs % outputs;
    int64_t group = (int64_t)row / inputs / outputs * p->factor + output / p->outputs;
    bool same = input / p->inputs == output / p->outputs;
    const float* weights =
        o->a +
        ((group * p->outputs + output % p->outputs) * p->inputs + input % p->inputs) * p->taps;
    for (int64_t tap = 0; tap < p->taps; tap++) {
      o->out[(int64_t)row * p->taps + tap] = same ? weights[tap] : 0;
    }
  }
}

/// Rows of taps of the weights.
static void unpack_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_group_packing* p = o->packing;
  const int64_t inputs = p->inputs * p->factor;
  for (size_t row = begin; row < end; row++) {
    int64_t input = (int64_t)row % p->inputs, output = (int64_t)row / p->inputs;
    int64_t group = output / p->outputs;
    const float* packed =
        o->a + (output * inputs + group % p->factor * p->inputs + input) * p->taps;
    for (int64_t tap = 0; tap < p->taps; tap++) {
      o->out[(int64_t)row * p->taps + tap] = packed[tap];
    }
  }
}

void rt_pack_groups(const float* weights, float* packed, const rt_group_packing* shape) {
  size_t rows = (size_t)(shape->groups * shape->outputs * shape->inputs * shape->factor);
  rt_run_maps(pack_range, &(operands){.out = packed, .a = weights, .packing = shape}, rows,
              (size_t)shape->taps);
}

void rt_unpack_groups(const float* packed, float* weights, const rt_group_packing* shape) {
  size_t rows = (size_t)(shape->groups * shape->outputs * shape->inputs);
  rt_run_maps(unpack_range, &(operands){.out = weights, .a = packed, .packing = shape}, rows,
              (size_t)shape->taps);
}
