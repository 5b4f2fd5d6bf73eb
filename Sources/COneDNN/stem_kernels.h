// The kernels of stem.c, included by instances.h once for each instance.

#include "vectors.h"

/// Adds a row of gradients times pixels to the sums of `taps_at_once` taps and `blocks` blocks.
RT_INLINE void RT_NAME(row)(int blocks, int64_t width, const element* gradient,
                            int64_t block_stride, const float* const* pixels, int64_t stride,
                            float* sums, int64_t sums_stride) {
  vec sum[taps_at_once][2];
  RT_UNROLL for (int t = 0; t < taps_at_once; t++) {
    RT_UNROLL for (int b = 0; b < blocks; b++) sum[t][b] = (vec)0.0f;
  }
  for (int64_t x = 0; x < width; x++) {
    vec g[2];
    RT_UNROLL for (int b = 0; b < blocks; b++) {
      g[b] = load_elements(gradient + b * block_stride + x * RT_BLOCK);
    }
    RT_UNROLL for (int t = 0; t < taps_at_once; t++) {
      vec pixel = (vec)pixels[t][x * stride];
      RT_UNROLL for (int b = 0; b < blocks; b++) sum[t][b] += pixel * g[b];
    }
  }
  RT_UNROLL for (int t = 0; t < taps_at_once; t++) {
    RT_UNROLL for (int b = 0; b < blocks; b++) {
      float* p = sums + b * sums_stride + t * RT_BLOCK;
      store(p, load(p) + sum[t][b]);
    }
  }
}

/// The items are shares of the images.
static void RT_NAME(gradients)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_convolution* c = &o->stem->shape;
  const padded_size size = padded_size_of(c);
  const int64_t blocks = c->output_channels / RT_BLOCK, taps = tap_slots(c);
  const int64_t map = c->output_height * c->output_width * RT_BLOCK;
  for (size_t share = begin; share < end; share++) {
    float* padded = o->scratch + (int64_t)share * share_floats(c);
    float* sums = padded + padded_floats(c);
    memset(padded, 0, (size_t)share_floats(c) * sizeof(float));
    for (int64_t image = share_start(c, share); image < share_start(c, share + 1); image++) {
      pad_image(c, o->source, image, padded);
      const element* gradients = (const element*)o->gradient + image * blocks * map;
      for (int64_t y = 0; y < c->output_height; y++) {
        for (int64_t first = 0; first < taps; first += taps_at_once) {
          const float* pixels[taps_at_once];
          for (int t = 0; t < taps_at_once; t++) {
            // The slots behind the last tap repeat it, and are never read.
            int64_t tap = first + t < tap_count(c) ? first + t : tap_count(c) - 1;
            int64_t channel = tap / (c->kernel * c->kernel), place = tap % (c->kernel * c->kernel);
            pixels[t] = padded + channel * size.height * size.width +
                        (y * c->stride + place / c->kernel) * size.width + place % c->kernel;
          }
          for (int64_t block = 0; block < blocks; block += 2) {
            const element* gradient = gradients + block * map + y * c->output_width * RT_BLOCK;
            float* sum = sums + (block * taps + first) * RT_BLOCK;
            if (block + 1 < blocks) {
              RT_NAME(row)(2, c->output_width, gradient, map, pixels, c->stride, sum,
                           taps * RT_BLOCK);
            } else {
              RT_NAME(row)(1, c->output_width, gradient, map, pixels, c->stride, sum,
                           taps * RT_BLOCK);
            }
          }
        }
      }
    }
  }
}

static const kernels_of_width RT_NAME(kernels) = {RT_NAME(gradients)};

#include "vectors_end.h"
