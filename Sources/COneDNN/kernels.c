#include "COneDNN.h"
#include "team.h"

// One version for each instruction set, chosen when the program is loaded.
#if defined(__x86_64__)
#define RT_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define RT_VECTORISED
#endif

/// Below this many floats a parallel region costs more than it saves.
enum { serial_limit = 16384 };

typedef struct {
  float* out;
  const float *a, *b, *c;
  float *state, *second_state;
  rt_sgd_options sgd;
  rt_adamw_options adamw;
  float weight;
  const rt_identity_pad* pad;
  const rt_group_packing* packing;
} operands;

/// `body` over floats; no two threads write one cache line.
static void run(rt_range_body body, const operands* operands, size_t count) {
  rt_team_run(body, operands, count, count <= serial_limit ? serial_limit : 64);
}

/// `body` over maps of `area` floats.
static void run_maps(rt_range_body body, const operands* operands, size_t count, size_t area) {
  rt_team_run(body, operands, count, count * area <= serial_limit ? count : 1);
}

// An output may be an input, element by element: no iteration waits for another.
#define RT_ELEMENTS \
  _Pragma("clang loop vectorize(assume_safety)") for (size_t i = begin; i < end; i++)

RT_VECTORISED static void add_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  RT_ELEMENTS o->out[i] = o->a[i] + o->b[i];
}

RT_VECTORISED static void add_relu_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  RT_ELEMENTS {
    float sum = o->a[i] + o->b[i];
    o->out[i] = sum < 0 ? 0 : sum;
  }
}

RT_VECTORISED static void relu_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  RT_ELEMENTS {
    float value = o->a[i];
    o->out[i] = value < 0 ? 0 : value;
  }
}

RT_VECTORISED static void relu_gradient_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  // Read before the comparison: a load that depends on it would not be vectorised.
  RT_ELEMENTS {
    float gradient = o->b[i];
    o->out[i] = o->a[i] > 0 ? gradient : 0;
  }
}

RT_VECTORISED static void relu_gradient_sum_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  RT_ELEMENTS {
    float gradient = o->b[i] + o->c[i];
    o->out[i] = o->a[i] > 0 ? gradient : 0;
  }
}

RT_VECTORISED static void sgd_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_sgd_options s = o->sgd;
  RT_ELEMENTS {
    float gradient = o->a[i] + s.weight_decay * o->out[i];
    float velocity = s.momentum * o->state[i] + gradient;
    o->state[i] = velocity;
    float update = s.nesterov ? gradient + s.momentum * velocity : velocity;
    o->out[i] -= s.learning_rate * update;
  }
}

RT_VECTORISED static void adamw_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_adamw_options w = o->adamw;
  const float keep = 1 - w.learning_rate * w.weight_decay;
  const float step = w.learning_rate / w.correction1;
  const float root = 1 / __builtin_elementwise_sqrt(w.correction2);
  RT_ELEMENTS {
    float gradient = o->a[i];
    float mean = w.beta1 * o->state[i] + (1 - w.beta1) * gradient;
    float square = w.beta2 * o->second_state[i] + (1 - w.beta2) * gradient * gradient;
    o->state[i] = mean;
    o->second_state[i] = square;
    o->out[i] =
        keep * o->out[i] - step * mean / (__builtin_elementwise_sqrt(square) * root + w.epsilon);
  }
}

RT_VECTORISED static void average_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const float weight = o->weight;
  RT_ELEMENTS o->out[i] += weight * (o->a[i] - o->out[i]);
}

RT_VECTORISED static void swap_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  RT_ELEMENTS {
    float value = o->out[i];
    o->out[i] = o->state[i];
    o->state[i] = value;
  }
}

/// Maps of the output; `a` is the input.
static void identity_pad_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_identity_pad* p = o->pad;
  const int64_t in_area = p->input_height * p->input_width;
  const int64_t out_area = p->output_height * p->output_width;
  for (size_t map = begin; map < end; map++) {
    int64_t image = (int64_t)map / p->output_channels;
    int64_t channel = (int64_t)map % p->output_channels - p->before;
    float* out = o->out + (int64_t)map * out_area;
    if (channel < 0 || channel >= p->input_channels) {
      for (int64_t i = 0; i < out_area; i++) out[i] = 0;
      continue;
    }
    const float* in = o->a + (image * p->input_channels + channel) * in_area;
    for (int64_t y = 0; y < p->output_height; y++)
      for (int64_t x = 0; x < p->output_width; x++)
        out[y * p->output_width + x] = in[(y * p->input_width + x) * p->stride];
  }
}

/// Maps of the input's gradient; `a` is the output's.
static void identity_pad_gradient_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_identity_pad* p = o->pad;
  const int64_t in_area = p->input_height * p->input_width;
  const int64_t out_area = p->output_height * p->output_width;
  for (size_t map = begin; map < end; map++) {
    int64_t image = (int64_t)map / p->input_channels;
    int64_t channel = (int64_t)map % p->input_channels + p->before;
    float* in = o->out + (int64_t)map * in_area;
    const float* out = o->a + (image * p->output_channels + channel) * out_area;
    for (int64_t i = 0; i < in_area; i++) in[i] = 0;
    for (int64_t y = 0; y < p->output_height; y++)
      for (int64_t x = 0; x < p->output_width; x++)
        in[(y * p->input_width + x) * p->stride] = out[y * p->output_width + x];
  }
}

void rt_identity_pad_forward(const float* in, float* out, const rt_identity_pad* shape) {
  run_maps(identity_pad_range, &(operands){.out = out, .a = in, .pad = shape},
           (size_t)(shape->batch * shape->output_channels),
           (size_t)(shape->output_height * shape->output_width));
}

void rt_identity_pad_backward(const float* out_gradient, float* in_gradient,
                              const rt_identity_pad* shape) {
  run_maps(identity_pad_gradient_range,
           &(operands){.out = in_gradient, .a = out_gradient, .pad = shape},
           (size_t)(shape->batch * shape->input_channels),
           (size_t)(shape->input_height * shape->input_width));
}

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
  run_maps(pack_range, &(operands){.out = packed, .a = weights, .packing = shape}, rows,
           (size_t)shape->taps);
}

void rt_unpack_groups(const float* packed, float* weights, const rt_group_packing* shape) {
  size_t rows = (size_t)(shape->groups * shape->outputs * shape->inputs);
  run_maps(unpack_range, &(operands){.out = weights, .a = packed, .packing = shape}, rows,
           (size_t)shape->taps);
}

void rt_add(const float* a, const float* b, float* out, size_t count) {
  run(add_range, &(operands){.out = out, .a = a, .b = b}, count);
}

void rt_add_relu(const float* a, const float* b, float* out, size_t count) {
  run(add_relu_range, &(operands){.out = out, .a = a, .b = b}, count);
}

void rt_relu(const float* a, float* out, size_t count) {
  run(relu_range, &(operands){.out = out, .a = a}, count);
}

void rt_relu_gradient(const float* activation, const float* gradient, const float* second,
                      float* out, size_t count) {
  run(second ? relu_gradient_sum_range : relu_gradient_range,
      &(operands){.out = out, .a = activation, .b = gradient, .c = second}, count);
}

void rt_sgd(float* parameter, const float* gradient, float* velocity, size_t count,
            rt_sgd_options options) {
  run(sgd_range, &(operands){.out = parameter, .a = gradient, .state = velocity, .sgd = options},
      count);
}

void rt_adamw(float* parameter, const float* gradient, float* mean, float* square, size_t count,
              rt_adamw_options options) {
  run(adamw_range,
      &(operands){
          .out = parameter, .a = gradient, .state = mean, .second_state = square, .adamw = options},
      count);
}

void rt_average(float* average, const float* value, size_t count, float weight) {
  run(average_range, &(operands){.out = average, .a = value, .weight = weight}, count);
}

void rt_swap(float* a, float* b, size_t count) {
  run(swap_range, &(operands){.out = a, .state = b}, count);
}
