// The kernels of max_pool.c, included by instances.h once for each instance.

#include "vectors.h"

/// The items are maps. The first of equal values counts, and a NaN counts above all.
RT_INLINE void RT_NAME(forward_range)(const operands* o, bool has_affine, size_t begin,
                                      size_t end) {
  const rt_max_pool* p = o->pool;
  const int64_t blocks = block_count(p), channels = blocks * RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t channel = (int64_t)item % blocks * RT_BLOCK;
    const element* in =
        (const element*)o->in + (int64_t)item * p->input_height * p->input_width * RT_BLOCK;
    int64_t place = (int64_t)item * p->output_height * p->output_width * RT_BLOCK;
    vec slope = (vec)1.0f, offset = (vec)0.0f;
    if (has_affine) {
      slope = load(o->affine + channel);
      offset = load(o->affine + channels + channel);
    }
    for (int64_t y = 0; y < p->output_height; y++) {
      int64_t top = y * p->stride - p->top, first_row = top < 0 ? -top : 0;
      int64_t rows = p->input_height - top < p->kernel ? p->input_height - top : p->kernel;
      for (int64_t x = 0; x < p->output_width; x++, place += RT_BLOCK) {
        int64_t left = x * p->stride - p->left, first_column = left < 0 ? -left : 0;
        int64_t columns = p->input_width - left < p->kernel ? p->input_width - left : p->kernel;
        vec best = (vec)-INFINITY;
        bits tap = (bits)0;
        for (int64_t i = first_row; i < rows; i++) {
          const element* row = in + ((top + i) * p->input_width + left) * RT_BLOCK;
          for (int64_t j = first_column; j < columns; j++) {
            vec value = load_elements(row + j * RT_BLOCK);
            if (has_affine) {
              value = slope * value + offset;
              value = value < 0.0f ? (vec)0.0f : value;
            }
            bits better = value > best | value != value;
            best = better ? value : best;
            tap = better ? (bits)(int32_t)(i * p->kernel + j) : tap;
          }
        }
        store_elements((element*)o->out + place, best);
        if (o->taps) *(bytes*)(o->taps + place) = __builtin_convertvector(tap, bytes);
      }
    }
  }
}

static void RT_NAME(forward)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  if (o->affine) {
    RT_NAME(forward_range)(o, true, begin, end);
  } else {
    RT_NAME(forward_range)(o, false, begin, end);
  }
}

/// `in` is the gradient of the output.
static void RT_NAME(backward)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_max_pool* p = o->pool;
  for (size_t item = begin; item < end; item++) {
    const int64_t area = p->input_height * p->input_width * RT_BLOCK;
    element* out = (element*)o->out + (int64_t)item * area;
    int64_t place = (int64_t)item * p->output_height * p->output_width * RT_BLOCK;
    for (int64_t i = 0; i < area; i += RT_BLOCK) store_elements(out + i, (vec)0.0f);
    for (int64_t y = 0; y < p->output_height; y++) {
      int64_t top = y * p->stride - p->top, first_row = top < 0 ? -top : 0;
      int64_t rows = p->input_height - top < p->kernel ? p->input_height - top : p->kernel;
      for (int64_t x = 0; x < p->output_width; x++, place += RT_BLOCK) {
        int64_t left = x * p->stride - p->left, first_column = left < 0 ? -left : 0;
        int64_t columns = p->input_width - left < p->kernel ? p->input_width - left : p->kernel;
        vec gradient = load_elements((const element*)o->in + place);
        bits tap = __builtin_convertvector(*(const bytes*)(o->taps + place), bits);
        for (int64_t i = first_row; i < rows; i++) {
          element* row = out + ((top + i) * p->input_width + left) * RT_BLOCK;
          for (int64_t j = first_column; j < columns; j++) {
            bits here = tap == (int32_t)(i * p->kernel + j);
            element* pixel = row + j * RT_BLOCK;
            store_elements(pixel, load_elements(pixel) + (here ? gradient : (vec)0.0f));
          }
        }
      }
    }
  }
}

static const kernels_of_width RT_NAME(kernels) = {RT_NAME(forward), RT_NAME(backward)};

#include "vectors_end.h"
