/// The weights' gradient of a convolution of images: few input channels, row-major.
///
/// oneDNN's code for it is made for whole blocks of input channels; with one channel it does a
/// tenth of what the processor can. Here a vector holds output channels, a pixel is spread over it,
/// and the sums of several taps stay in registers along a row.
#include <string.h>

#include "COneDNN.h"
#include "team.h"
#include "width.h"

enum { taps_at_once = 6, most_shares = 64 };

typedef struct {
  const rt_stem* stem;
  const float* source;
  const void* gradient;
  float* scratch;
} operands;

typedef struct {
  int64_t height, width;
} padded_size;

/// Room for every pixel that a tap meets.
static padded_size padded_size_of(const rt_convolution* c) {
  return (padded_size){(c->output_height - 1) * c->stride + c->kernel,
                       (c->output_width - 1) * c->stride + c->kernel};
}

static int64_t tap_count(const rt_convolution* c) {
  return c->input_channels * c->kernel * c->kernel;
}

static int64_t tap_slots(const rt_convolution* c) {
  return (tap_count(c) + taps_at_once - 1) / taps_at_once * taps_at_once;
}

static int64_t padded_floats(const rt_convolution* c) {
  padded_size size = padded_size_of(c);
  return (c->input_channels * size.height * size.width + 15) / 16 * 16;
}

static int64_t share_floats(const rt_convolution* c) {
  return padded_floats(c) + c->output_channels * tap_slots(c);
}

/// Shares of the images that are summed apart; they depend on the shape alone.
static int64_t share_count(const rt_convolution* c) {
  return c->batch < most_shares ? c->batch : most_shares;
}

static int64_t share_start(const rt_convolution* c, size_t share) {
  return c->batch * (int64_t)share / share_count(c);
}

/// Copies an image into the middle of `padded`, whose border is zero.
static void pad_image(const rt_convolution* c, const float* source, int64_t image, float* padded) {
  const padded_size size = padded_size_of(c);
  int64_t rows = size.height - c->padding.top, columns = size.width - c->padding.left;
  if (rows > c->input_height) rows = c->input_height;
  if (columns > c->input_width) columns = c->input_width;
  for (int64_t channel = 0; channel < c->input_channels; channel++) {
    const float* in =
        source + (image * c->input_channels + channel) * c->input_height * c->input_width;
    float* out =
        padded + channel * size.height * size.width + c->padding.top * size.width + c->padding.left;
    for (int64_t y = 0; y < rows; y++) {
      memcpy(out + y * size.width, in + y * c->input_width, (size_t)columns * sizeof(float));
    }
  }
}

typedef struct {
  rt_range_body gradients;
} kernels_of_width;

#define RT_KERNELS "stem_kernels.h"
#include "instances.h"

static const kernels_of_width* kernels(const rt_stem* stem) {
  static const kernels_of_width* const instances[RT_WIDTHS][RT_ELEMENTS] = RT_INSTANCES;
  return instances[rt_width_for(stem->block)][stem->element];
}

bool rt_stem_supports(const rt_stem* stem) {
  const rt_convolution* c = &stem->shape;
  return (stem->block == 8 || stem->block == 16) && c->groups == 1 && !c->bias &&
         c->output_channels % stem->block == 0 && c->padding.top >= 0 && c->padding.left >= 0;
}

size_t rt_stem_scratch(const rt_stem* stem) {
  const rt_convolution* c = &stem->shape;
  return sizeof(float) * (size_t)(share_count(c) * share_floats(c));
}

void rt_stem_backward_weights(const rt_stem* stem, const float* source, const void* gradient,
                              float* weights_gradient, float* scratch) {
  const rt_convolution* c = &stem->shape;
  operands o = {.stem = stem, .source = source, .gradient = gradient, .scratch = scratch};
  rt_team_run(kernels(stem)->gradients, &o, (size_t)share_count(c), 1);
  const int64_t taps = tap_count(c), slots = tap_slots(c);
  for (int64_t output = 0; output < c->output_channels; output++) {
    for (int64_t tap = 0; tap < taps; tap++) {
      double sum = 0;
      for (int64_t share = 0; share < share_count(c); share++) {
        const float* sums = scratch + share * share_floats(c) + padded_floats(c);
        sum += sums[(output / stem->block * slots + tap) * stem->block + output % stem->block];
      }
      weights_gradient[output * taps + tap] = (float)sum;
    }
  }
}
