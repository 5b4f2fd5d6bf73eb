// The kernels of norm.c, included by instances.h once for each instance.

#include "vectors.h"

#define load_wide(p) (*(const wide*)(p))
#define store_wide(p, v) (*(wide*)(p) = (v))
#define widen(v) __builtin_convertvector(v, wide)

/// The maps of one share of the images, for one block of channels.
typedef struct {
  const element* first;
  /// Elements from one image's map to the next.
  int64_t stride, images, area;
} RT_NAME(maps);
#define maps RT_NAME(maps)

RT_INLINE maps RT_NAME(maps_of)(const rt_norm* n, const void* tensor, size_t item) {
  int64_t shares = share_count(n), blocks = block_count(n);
  int64_t block = (int64_t)item / shares, share = (int64_t)item % shares;
  int64_t begin = n->batch * share / shares, end = n->batch * (share + 1) / shares;
  return (maps){.first = (const element*)tensor + (begin * blocks + block) * n->area * RT_BLOCK,
                .stride = blocks * n->area * RT_BLOCK,
                .images = end - begin,
                .area = n->area};
}

/// Mean and sum of squared deviations of each channel over a share of the images.
///
/// Runs of pixels that fit into the first cache are summed twice, first for their own mean; runs
/// are joined in double precision (Chan, Golub and LeVeque 1979).
static void RT_NAME(statistics)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  for (size_t item = begin; item < end; item++) {
    maps m = RT_NAME(maps_of)(o->norm, o->x, item);
    double* partial = o->partials + item * 2 * RT_BLOCK;
    wide mean = (wide)0.0, squares = (wide)0.0;
    double count = 0;
    const int64_t images_a_run = m.area >= run_pixels ? 1 : run_pixels / m.area;
    for (int64_t image = 0; image < m.images; image += images_a_run) {
      int64_t images = m.images - image < images_a_run ? m.images - image : images_a_run;
      for (int64_t start = 0; start < m.area; start += run_pixels) {
        int64_t pixels = m.area - start < run_pixels ? m.area - start : run_pixels;
        const element* run = m.first + image * m.stride + start * RT_BLOCK;
        vec sum[4] = {(vec)0.0f, (vec)0.0f, (vec)0.0f, (vec)0.0f};
        for (int64_t i = 0; i < images; i++) {
          const element* p = run + i * m.stride;
          int64_t pixel = 0;
          for (; pixel + 4 <= pixels; pixel += 4, p += 4 * RT_BLOCK) {
            sum[0] += load_elements(p);
            sum[1] += load_elements(p + RT_BLOCK);
            sum[2] += load_elements(p + 2 * RT_BLOCK);
            sum[3] += load_elements(p + 3 * RT_BLOCK);
          }
          for (; pixel < pixels; pixel++, p += RT_BLOCK) sum[0] += load_elements(p);
        }
        float size = (float)(images * pixels);
        vec run_mean = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / size;
        vec square[4] = {(vec)0.0f, (vec)0.0f, (vec)0.0f, (vec)0.0f};
        vec rest[4] = {(vec)0.0f, (vec)0.0f, (vec)0.0f, (vec)0.0f};
        for (int64_t i = 0; i < images; i++) {
          const element* p = run + i * m.stride;
          int64_t pixel = 0;
          for (; pixel + 4 <= pixels; pixel += 4, p += 4 * RT_BLOCK) {
            vec a = load_elements(p) - run_mean, b = load_elements(p + RT_BLOCK) - run_mean;
            vec c = load_elements(p + 2 * RT_BLOCK) - run_mean,
                d = load_elements(p + 3 * RT_BLOCK) - run_mean;
            square[0] += a * a;
            square[1] += b * b;
            square[2] += c * c;
            square[3] += d * d;
            rest[0] += a;
            rest[1] += b;
            rest[2] += c;
            rest[3] += d;
          }
          for (; pixel < pixels; pixel++, p += RT_BLOCK) {
            vec a = load_elements(p) - run_mean;
            square[0] += a * a;
            rest[0] += a;
          }
        }
        // What rounding left of the run's mean.
        wide correction =
            ((widen(rest[0]) + widen(rest[1])) + (widen(rest[2]) + widen(rest[3]))) / (double)size;
        wide exact = widen(run_mean) + correction;
        wide run_squares = widen((square[0] + square[1]) + (square[2] + square[3])) -
                           correction * correction * (double)size;
        double total = count + (double)size;
        wide difference = exact - mean;
        mean += difference * ((double)size / total);
        squares += run_squares + difference * difference * (count * (double)size / total);
        count = total;
      }
    }
    store_wide(partial, mean);
    store_wide(partial + RT_BLOCK, squares);
  }
}

/// out = affine(x) [+ residual or its affine] [, then ReLU] of one map.
RT_INLINE void RT_NAME(apply_map)(const operands* o, bool has_residual, bool has_residual_affine,
                                  bool relu, int64_t image, int64_t block) {
  const int64_t blocks = block_count(o->norm), area = o->norm->area;
  const int64_t channels = blocks * RT_BLOCK, channel = block * RT_BLOCK;
  const element *x = o->x, *residual = o->residual;
  element* out = o->out;
  vec slope = load(o->affine + channel), offset = load(o->affine + channels + channel);
  vec residual_slope = (vec)1.0f;
  if (has_residual_affine) {
    residual_slope = load(o->residual_affine + channel);
    offset += load(o->residual_affine + channels + channel);
  }
  const int64_t start = (image * blocks + block) * area * RT_BLOCK;
  for (int64_t i = start; i < start + area * RT_BLOCK; i += RT_BLOCK) {
    vec y = slope * load_elements(x + i) + offset;
    if (has_residual_affine) {
      y += residual_slope * load_elements(residual + i);
    } else if (has_residual) {
      y += load_elements(residual + i);
    }
    // Not a maximum: a NaN must stay one.
    if (relu) y = y < 0.0f ? (vec)0.0f : y;
    store_elements(out + i, y);
  }
}

/// The items are maps.
static void RT_NAME(apply)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const int64_t blocks = block_count(o->norm);
  for (int64_t item = (int64_t)begin; item < (int64_t)end; item++) {
    int64_t image = item / blocks, block = item % blocks;
    if (o->residual_affine) {
      RT_NAME(apply_map)(o, true, true, o->relu, image, block);
    } else if (o->residual) {
      RT_NAME(apply_map)(o, true, false, o->relu, image, block);
    } else {
      RT_NAME(apply_map)(o, false, false, o->relu, image, block);
    }
  }
}

/// All of a norm by the statistics of its batch; the items are blocks of channels.
static void RT_NAME(forward)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const size_t shares = (size_t)share_count(o->norm);
  for (int64_t block = (int64_t)begin; block < (int64_t)end; block++) {
    RT_NAME(statistics)(o, (size_t)block * shares, (size_t)(block + 1) * shares);
    join_shares(o, block);
    find_affine(o->norm, o->batch_mean, o->batch_variance, o->scale, o->shift, o->batch_affine,
                block * RT_BLOCK, (block + 1) * RT_BLOCK);
    for (int64_t image = 0; image < o->norm->batch; image++) {
      RT_NAME(apply_map)(o, false, false, o->relu, image, block);
    }
  }
}

/// The gradient behind the ReLU, if there is one: zero where the norm's output was cut off.
#define masked(gradient, x) \
  (!relu ? (gradient) : slope * (x) + offset > 0.0f ? (gradient) : (vec)0.0f)

/// Sums of the gradient, and of the gradient times the deviation, over a share of the images.
RT_INLINE void RT_NAME(reduce_range)(const operands* o, bool relu, size_t begin, size_t end) {
  const int64_t shares = share_count(o->norm), channels = block_count(o->norm) * RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t channel = (int64_t)item / shares * RT_BLOCK;
    maps x = RT_NAME(maps_of)(o->norm, o->x, item);
    maps g = RT_NAME(maps_of)(o->norm, o->gradient, item);
    double* partial = o->partials + item * 2 * RT_BLOCK;
    vec mean = load(o->mean + channel), slope = (vec)0.0f, offset = (vec)0.0f;
    if (relu) {
      slope = load(o->affine + channel);
      offset = load(o->affine + channels + channel);
    }
    wide total = (wide)0.0, total_product = (wide)0.0;
    for (int64_t image = 0; image < x.images; image++) {
      for (int64_t start = 0; start < x.area; start += run_pixels) {
        int64_t pixels = x.area - start < run_pixels ? x.area - start : run_pixels;
        const element* px = x.first + image * x.stride + start * RT_BLOCK;
        const element* pg = g.first + image * g.stride + start * RT_BLOCK;
        vec sum[4] = {(vec)0.0f, (vec)0.0f, (vec)0.0f, (vec)0.0f};
        vec product[4] = {(vec)0.0f, (vec)0.0f, (vec)0.0f, (vec)0.0f};
        int64_t pixel = 0;
        for (; pixel + 4 <= pixels; pixel += 4, px += 4 * RT_BLOCK, pg += 4 * RT_BLOCK) {
          RT_UNROLL for (int i = 0; i < 4; i++) {
            vec x0 = load_elements(px + i * RT_BLOCK),
                g0 = masked(load_elements(pg + i * RT_BLOCK), x0);
            sum[i] += g0;
            product[i] += g0 * (x0 - mean);
          }
        }
        for (; pixel < pixels; pixel++, px += RT_BLOCK, pg += RT_BLOCK) {
          vec x0 = load_elements(px), g0 = masked(load_elements(pg), x0);
          sum[0] += g0;
          product[0] += g0 * (x0 - mean);
        }
        total += (widen(sum[0]) + widen(sum[1])) + (widen(sum[2]) + widen(sum[3]));
        total_product +=
            (widen(product[0]) + widen(product[1])) + (widen(product[2]) + widen(product[3]));
      }
    }
    store_wide(partial, total);
    store_wide(partial + RT_BLOCK, total_product);
  }
}

static void RT_NAME(reduce)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  if (o->relu) {
    RT_NAME(reduce_range)(o, true, begin, end);
  } else {
    RT_NAME(reduce_range)(o, false, begin, end);
  }
}

/// The gradient of x: what is left of the gradient without its mean and its part along the
/// deviation, times the slope. The mean is taken off first, and in two parts: what is left is often
/// far smaller than the gradient, and must not be lost in its rounding.
RT_INLINE void RT_NAME(spread_map)(const operands* o, bool relu, int64_t image, int64_t block) {
  const int64_t blocks = block_count(o->norm), area = o->norm->area;
  const int64_t channels = blocks * RT_BLOCK, channel = block * RT_BLOCK;
  const element *inputs = o->x, *gradients = o->gradient;
  element* out = o->out;
  vec mean = load(o->mean + channel), slope = (vec)0.0f, offset = (vec)0.0f;
  if (relu) {
    slope = load(o->affine + channel);
    offset = load(o->affine + channels + channel);
  }
  vec scale = load(o->factors + channel);
  vec along = load(o->factors + channels + channel);
  vec gradient_mean = load(o->factors + 2 * channels + channel);
  vec gradient_mean_rest = load(o->factors + 3 * channels + channel);
  const int64_t start = (image * blocks + block) * area * RT_BLOCK;
  for (int64_t i = start; i < start + area * RT_BLOCK; i += RT_BLOCK) {
    vec x = load_elements(inputs + i);
    vec g = masked(load_elements(gradients + i), x);
    vec taken = along * (x - mean) + gradient_mean_rest;
    store_elements(out + i, scale * ((g - gradient_mean) - taken));
  }
}

/// The items are maps.
static void RT_NAME(spread)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const int64_t blocks = block_count(o->norm);
  for (int64_t item = (int64_t)begin; item < (int64_t)end; item++) {
    if (o->relu) {
      RT_NAME(spread_map)(o, true, item / blocks, item % blocks);
    } else {
      RT_NAME(spread_map)(o, false, item / blocks, item % blocks);
    }
  }
}

/// All of the backward pass; the items are blocks of channels.
static void RT_NAME(backward)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const size_t shares = (size_t)share_count(o->norm);
  for (size_t block = begin; block < end; block++) {
    RT_NAME(reduce)(o, block * shares, (block + 1) * shares);
    find_factors(o, (int64_t)block);
    for (int64_t image = 0; image < o->norm->batch; image++) {
      if (o->relu) {
        RT_NAME(spread_map)(o, true, image, (int64_t)block);
      } else {
        RT_NAME(spread_map)(o, false, image, (int64_t)block);
      }
    }
  }
}

static const kernels_of_width RT_NAME(kernels) = {RT_NAME(statistics), RT_NAME(apply),
                                                  RT_NAME(forward),    RT_NAME(reduce),
                                                  RT_NAME(spread),     RT_NAME(backward)};

#undef maps
#undef load_wide
#undef store_wide
#undef widen
#undef masked
#include "vectors_end.h"
