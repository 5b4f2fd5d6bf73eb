/// The padded shortcut of option A (He et al. 2016, arXiv:1512.03385, §3.3).
#include "kernels.h"

typedef struct {
  float* out;
  const float* a;
  const rt_identity_pad* pad;
} operands;

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
  rt_run_maps(identity_pad_range, &(operands){.out = out, .a = in, .pad = shape},
              (size_t)(shape->batch * shape->output_channels),
              (size_t)(shape->output_height * shape->output_width));
}

void rt_identity_pad_backward(const float* out_gradient, float* in_gradient,
                              const rt_identity_pad* shape) {
  rt_run_maps(identity_pad_gradient_range,
              &(operands){.out = in_gradient, .a = out_gradient, .pad = shape},
              (size_t)(shape->batch * shape->input_channels),
              (size_t)(shape->input_height * shape->input_width));
}
