// The kernels of direct_gradient.c, included by instances.h once for each instance.

#include "vectors.h"

/// Adds to the gradients of `inputs_at_once` input channels and `blocks` output blocks what the
/// pixels of a run contribute. The run's sums begin at zero: a float would lose the small ones in a
/// total of all images.
RT_INLINE void RT_NAME(sum_run)(int blocks, const run* r, const element* source,
                                int64_t source_image, const element* gradient,
                                int64_t gradient_block, int64_t gradient_image, bool is_first,
                                float* out, int64_t out_block) {
  vec sum[inputs_at_once][blocks_at_once];
  RT_UNROLL for (int i = 0; i < inputs_at_once; i++) {
    RT_UNROLL for (int b = 0; b < blocks; b++) sum[i][b] = (vec)0.0f;
  }
  const int64_t step = r->source_column * RT_BLOCK;
  for (int64_t image = 0; image < r->images; image++) {
    for (int64_t row = 0; row < r->rows; row++) {
      const element* x = source + image * source_image + row * r->source_row * RT_BLOCK;
      const element* y = gradient + image * gradient_image + row * r->gradient_row * RT_BLOCK;
      for (int64_t column = 0; column < r->columns; column++, x += step, y += RT_BLOCK) {
        vec g[blocks_at_once];
        RT_UNROLL for (int b = 0; b < blocks; b++) {
          g[b] = load_elements(y + b * gradient_block);
          hold(g[b]);
        }
        RT_UNROLL for (int i = 0; i < inputs_at_once; i++) {
          vec pixel = spread_element(x + i);
          RT_UNROLL for (int b = 0; b < blocks; b++) multiply_add(sum[i][b], pixel, g[b]);
        }
      }
    }
  }
  RT_UNROLL for (int i = 0; i < inputs_at_once; i++) {
    RT_UNROLL for (int b = 0; b < blocks; b++) {
      float* p = out + b * out_block + i * RT_BLOCK;
      store(p, is_first ? sum[i][b] : load(p) + sum[i][b]);
    }
  }
}

/// The gradients of one cell, of all taps.
RT_INLINE void RT_NAME(sum_cell)(int blocks, const operands* o, const grid* g, cell at,
                                 int64_t image, int64_t images, span rows) {
  const rt_convolution* c = &o->direct->shape;
  const int64_t source_block = c->input_height * c->input_width * RT_BLOCK;
  const int64_t gradient_block = c->output_height * c->output_width * RT_BLOCK;
  const int64_t taps = c->kernel * c->kernel, tap_size = RT_BLOCK * RT_BLOCK;
  const element* source = (const element*)o->source + (image * g->inputs + at.input) * source_block;
  const element* gradient =
      (const element*)o->gradient + (image * g->outputs + at.output) * gradient_block;
  float* out = o->weights_gradient + (at.output * g->inputs + at.input) * taps * tap_size;
  for (int64_t tap = 0; tap < taps; tap++) {
    const run r = run_of(c, tap, images, rows);
    for (int i = 0; i < RT_BLOCK; i += inputs_at_once) {
      RT_NAME(sum_run)
      (blocks, &r, source + r.source * RT_BLOCK + i, g->inputs * source_block,
       gradient + r.gradient * RT_BLOCK, gradient_block, g->outputs * gradient_block,
       image == 0 && rows.begin == 0, out + tap * tap_size + i * RT_BLOCK,
       g->inputs * taps * tap_size);
    }
  }
}

/// The items are cells of the grid.
static void RT_NAME(gradients)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_convolution* c = &o->direct->shape;
  const grid g = grid_of(o->direct);
  const int64_t area = c->output_height * c->output_width;
  // Several small maps, or some rows of a large one.
  const int64_t chunk = chunk_pixels(c);
  const int64_t images = area < chunk ? chunk / area : 1;
  const int64_t shares = area < chunk ? 1 : area / chunk;
  for (int64_t image = 0; image < c->batch; image += images) {
    int64_t count = c->batch - image < images ? c->batch - image : images;
    for (int64_t share = 0; share < shares; share++) {
      span rows = {c->output_height * share / shares, c->output_height * (share + 1) / shares};
      for (size_t item = begin; item < end; item++) {
        cell at = cell_at(&g, item);
        if (at.width == 3) {
          RT_NAME(sum_cell)(3, o, &g, at, image, count, rows);
        } else if (at.width == 2) {
          RT_NAME(sum_cell)(2, o, &g, at, image, count, rows);
        } else {
          RT_NAME(sum_cell)(1, o, &g, at, image, count, rows);
        }
      }
    }
  }
}

static const kernels_of_width RT_NAME(kernels) = {RT_NAME(gradients)};

#include "vectors_end.h"
