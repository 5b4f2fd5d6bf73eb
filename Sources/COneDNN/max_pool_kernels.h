// The kernels of max_pool.c for one width of vector: included once for each. The includer defines
//   RT_BLOCK   channels in a block of the layout, the lanes of a vector
//   RT_NAME(x) the name of x in this instance

typedef float RT_NAME(vec) __attribute__((ext_vector_type(RT_BLOCK), aligned(4)));
typedef int32_t RT_NAME(mask) __attribute__((ext_vector_type(RT_BLOCK), aligned(4)));
typedef uint8_t RT_NAME(bytes) __attribute__((ext_vector_type(RT_BLOCK), aligned(1)));
#define vec RT_NAME(vec)
#define mask RT_NAME(mask)
#define bytes RT_NAME(bytes)
#define load(p) (*(const vec*)(p))
#define store(p, v) (*(vec*)(p) = (v))

/// The items are maps. The first of equal values counts, and a NaN counts above all.
static inline __attribute__((always_inline)) void RT_NAME(forward_range)(const operands* o,
                                                                         bool has_affine,
                                                                         size_t begin, size_t end) {
  const rt_max_pool* p = o->pool;
  const int64_t blocks = block_count(p), channels = blocks * RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t channel = (int64_t)item % blocks * RT_BLOCK;
    const float* in = o->in + (int64_t)item * p->input_height * p->input_width * RT_BLOCK;
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
        mask tap = (mask)0;
        for (int64_t i = first_row; i < rows; i++) {
          const float* row = in + ((top + i) * p->input_width + left) * RT_BLOCK;
          for (int64_t j = first_column; j < columns; j++) {
            vec value = load(row + j * RT_BLOCK);
            if (has_affine) {
              value = slope * value + offset;
              value = value < 0.0f ? (vec)0.0f : value;
            }
            mask better = value > best | value != value;
            best = better ? value : best;
            tap = better ? (mask)(int32_t)(i * p->kernel + j) : tap;
          }
        }
        store(o->out + place, best);
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
    float* out = o->out + (int64_t)item * area;
    int64_t place = (int64_t)item * p->output_height * p->output_width * RT_BLOCK;
    for (int64_t i = 0; i < area; i += RT_BLOCK) store(out + i, (vec)0.0f);
    for (int64_t y = 0; y < p->output_height; y++) {
      int64_t top = y * p->stride - p->top, first_row = top < 0 ? -top : 0;
      int64_t rows = p->input_height - top < p->kernel ? p->input_height - top : p->kernel;
      for (int64_t x = 0; x < p->output_width; x++, place += RT_BLOCK) {
        int64_t left = x * p->stride - p->left, first_column = left < 0 ? -left : 0;
        int64_t columns = p->input_width - left < p->kernel ? p->input_width - left : p->kernel;
        vec gradient = load(o->in + place);
        mask tap = __builtin_convertvector(*(const bytes*)(o->taps + place), mask);
        for (int64_t i = first_row; i < rows; i++) {
          float* row = out + ((top + i) * p->input_width + left) * RT_BLOCK;
          for (int64_t j = first_column; j < columns; j++) {
            mask here = tap == (int32_t)(i * p->kernel + j);
            float* pixel = row + j * RT_BLOCK;
            store(pixel, load(pixel) + (here ? gradient : (vec)0.0f));
          }
        }
      }
    }
  }
}

static const kernels_of_width RT_NAME(kernels) = {RT_NAME(forward), RT_NAME(backward)};

#undef vec
#undef mask
#undef bytes
#undef load
#undef store
#undef RT_BLOCK
#undef RT_NAME
