/// Sums, ReLUs and their gradients, and the conversions between float32 and bfloat16.
#include "kernels.h"

typedef struct {
  void* out;
  const void *a, *b, *c;
} operands;

typedef struct {
  rt_range_body add, add_relu, relu, relu_gradient, relu_gradient_sum;
} elementwise_kernels;

static inline float widened(uint16_t value) {
  union {
    uint32_t bits;
    float number;
  } wide = {.bits = (uint32_t)value << 16};
  return wide.number;
}

/// The nearest bfloat16, ties to even, in the upper half; a NaN stays one.
static inline uint32_t rounded_bits(float value) {
  union {
    float number;
    uint32_t bits;
  } wide = {.number = value};
  uint32_t rounded = wide.bits + 0x7fff + ((wide.bits >> 16) & 1);
  return (wide.bits & 0x7fffffff) > 0x7f800000 ? wide.bits | 0x400000 : rounded;
}

static inline uint16_t narrowed(float value) { return (uint16_t)(rounded_bits(value) >> 16); }

#define RT_ELEMENT float
#define RT_NAME(x) x##_f32
#define read(x) (x)
#define written(x) (x)
#include "elementwise_kernels.h"
#define RT_ELEMENT uint16_t
#define RT_NAME(x) x##_bf16
#define read(x) widened(x)
#define written(x) narrowed(x)
#include "elementwise_kernels.h"

static const elementwise_kernels* const kernels[RT_ELEMENTS] = {&kernels_f32, &kernels_bf16};

void rt_add(rt_element element, const void* a, const void* b, void* out, size_t count) {
  rt_run_elements(kernels[element]->add, &(operands){.out = out, .a = a, .b = b}, count);
}

void rt_add_relu(rt_element element, const void* a, const void* b, void* out, size_t count) {
  rt_run_elements(kernels[element]->add_relu, &(operands){.out = out, .a = a, .b = b}, count);
}

void rt_relu(rt_element element, const void* a, void* out, size_t count) {
  rt_run_elements(kernels[element]->relu, &(operands){.out = out, .a = a}, count);
}

void rt_relu_gradient(rt_element element, const void* activation, const void* gradient,
                      const void* second, void* out, size_t count) {
  const elementwise_kernels* k = kernels[element];
  rt_run_elements(second ? k->relu_gradient_sum : k->relu_gradient,
                  &(operands){.out = out, .a = activation, .b = gradient, .c = second}, count);
}

// MARK: Conversions

RT_VECTORISED static void narrow_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const float* restrict in = o->a;
  uint16_t* restrict out = o->out;
  for (size_t i = begin; i < end; i++) out[i] = narrowed(in[i]);
}

RT_VECTORISED static void widen_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const uint16_t* restrict in = o->a;
  float* restrict out = o->out;
  for (size_t i = begin; i < end; i++) out[i] = widened(in[i]);
}

RT_VECTORISED static void round_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const float* in = o->a;
  float* out = o->out;
  RT_ELEMENTS_OF_RANGE {
    union {
      uint32_t bits;
      float number;
    } rounded = {.bits = rounded_bits(in[i]) & 0xffff0000};
    out[i] = rounded.number;
  }
}

void rt_narrow(const float* in, uint16_t* out, size_t count) {
  rt_run_elements(narrow_range, &(operands){.out = out, .a = in}, count);
}

void rt_widen(const uint16_t* in, float* out, size_t count) {
  rt_run_elements(widen_range, &(operands){.out = out, .a = in}, count);
}

void rt_round(const float* in, float* out, size_t count) {
  rt_run_elements(round_range, &(operands){.out = out, .a = in}, count);
}
