/// 3×3 convolutions of stride 1 by minimal filtering (Winograd 1980; Lavin and Gray 2016,
/// arXiv:1509.09308): F(4×4, 3×3), F(3×3, 3×3) and F(2×2, 3×3), for all three passes.
///
/// A map is cut into tiles of m×m outputs, which read (m+2)×(m+2) inputs. Tiles and filters are
/// transformed; every one of the (m+2)² positions is then a matrix product over the channels, with
/// 2.25 (m = 4), 2.78 (m = 3) or 4 (m = 2) multiplications an output and channel instead of 9. The gradient of
/// the filters is the transpose of that, and the gradient of the image is the forward pass with
/// filters turned by 180°.
///
/// The points of the larger transforms are not Lavin's 0, ±1, ±2 but ±5/8 and ±3/2 (m = 4, with 0),
/// ±1/2 and ±5/4 (m = 3): in float32 they lose half as much.
#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "team.h"

// MARK: The points, and the scales of the filter's transform: one over the product of the
// differences to the other points.

static inline __attribute__((always_inline)) float point_a(int m) { return m == 4 ? 0.625f : 0.5f; }
static inline __attribute__((always_inline)) float point_b(int m) { return m == 4 ? 1.5f : 1.25f; }
static inline __attribute__((always_inline)) float scale_0(int m) {
  return (float)(1.0 / (0.625 * 0.625 * 1.5 * 1.5));
}
static inline __attribute__((always_inline)) float scale_a(int m) {
  return m == 4 ? (float)(1.0 / (2 * 0.625 * 0.625 * (0.625 * 0.625 - 1.5 * 1.5)))
                : (float)(1.0 / (2 * 0.5 * (0.5 * 0.5 - 1.25 * 1.25)));
}
static inline __attribute__((always_inline)) float scale_b(int m) {
  return m == 4 ? (float)(1.0 / (2 * 1.5 * 1.5 * (1.5 * 1.5 - 0.625 * 0.625)))
                : (float)(1.0 / (2 * 1.25 * (1.25 * 1.25 - 0.5 * 0.5)));
}

// MARK: What the kernels work on

/// A map (nChw{block}c) and its transformed tiles, position by position. A group of tiles lies
/// together, block by block of channels, tile by tile.
typedef struct {
  int m;
  float* map;
  const float* bias;
  int64_t channels, height, width;
  int64_t tiles_y, tiles_x, tiles;
  /// Padding above and left of the map.
  int64_t top, left;
  /// Index of the first tile in `transformed`.
  int64_t first_tile;
  float* transformed;
  /// Floats from one position to the next, from one group of tiles to the next, and from one block
  /// of channels to the next.
  int64_t stride, group_stride, block_stride;
} rt_tiling;

typedef struct {
  int m;
  int64_t inputs, outputs;
  /// OIhw{block}i{block}o.
  const float* weights;
  float* gradient;
  float* transformed;
  int64_t stride;
} rt_filters;

typedef struct {
  int64_t groups, inputs, outputs;
  const float* tiles;
  const float* filters;
  float* out;
  int64_t tiles_stride, filters_stride, out_stride;
  /// From one block of channels to the next, where the products sum over tiles.
  int64_t block_stride;
  /// Whether `out` begins at zero instead of adding up.
  bool is_first;
} rt_products;

typedef struct {
  int block, rows;
  rt_range_body image_in, gradient_in, map_out;
  rt_range_body filters, filters_back, filter_gradients;
  rt_range_body products, gradient_products;
} rt_winograd_kernels;

#define RT_BLOCK 8
#define RT_ROWS 6
#define RT_NAME(x) x##_8
#include "winograd_kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define RT_BLOCK 8
#define RT_ROWS 6
#define RT_NAME(x) x##_avx2
#include "winograd_kernels.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define RT_BLOCK 16
#define RT_ROWS 12
#define RT_NAME(x) x##_avx512
#include "winograd_kernels.h"
#pragma clang attribute pop
#else
#define RT_BLOCK 16
#define RT_ROWS 6
#define RT_NAME(x) x##_16
#include "winograd_kernels.h"
#endif

static const rt_winograd_kernels* kernels(int64_t block) {
#if defined(__x86_64__)
  if (block == 16) return __builtin_cpu_supports("avx512f") ? &kernels_avx512 : NULL;
  if (block == 8) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels_avx2
                                                                           : &kernels_8;
  }
  return NULL;
#else
  return block == 16 ? &kernels_16 : block == 8 ? &kernels_8 : NULL;
#endif
}

bool rt_winograd_supports(const rt_winograd* w) {
  const rt_convolution* c = &w->shape;
  return kernels(w->block) && w->tile >= 2 && w->tile <= 4 && c->kernel == 3 && c->stride == 1 &&
         c->groups == 1 && c->input_channels % w->block == 0 &&
         c->output_channels % w->block == 0 && c->padding.top <= 2 && c->padding.left <= 2;
}

const char* rt_winograd_implementation(const rt_winograd* w) {
  const rt_winograd_kernels* k = kernels(w->block);
#if defined(__x86_64__)
  static const char* const avx512[] = {"winograd_2x3:avx512", "winograd_3x3:avx512",
                                       "winograd_4x3:avx512"};
  static const char* const avx2[] = {"winograd_2x3:avx2", "winograd_3x3:avx2",
                                     "winograd_4x3:avx2"};
  if (k == &kernels_avx512) return avx512[w->tile - 2];
  if (k == &kernels_avx2) return avx2[w->tile - 2];
#endif
  static const char* const other[] = {"winograd_2x3", "winograd_3x3", "winograd_4x3"};
  return other[w->tile - 2];
}

// MARK: Planning

/// How a pass uses its scratch memory, in floats.
typedef struct {
  int64_t positions;
  /// Groups of tiles that are worked on at once.
  int64_t groups;
  int64_t left_stride, right_stride, filters_stride;
  int64_t group_stride_left, group_stride_right, block_stride;
} plan;

/// Bytes of transformed tiles that are worked on at once: they stay in the last level of cache.
enum { tile_budget = 4 << 20 };

static int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The positions' columns would all fall into the same sets of the cache if they lay a power of two
/// apart.
static int64_t staggered(int64_t floats) { return ceiling(floats, 1024) * 1024 + 48; }

static int64_t tile_count(const rt_winograd* w, int64_t height, int64_t width) {
  return w->shape.batch * ceiling(height, w->tile) * ceiling(width, w->tile);
}

/// The products of the forward pass and of the image's gradient sum over channels: a group's channels
/// lie together. Those of the filters' gradient sum over tiles: a channel block's groups do.
static plan plan_for(const rt_winograd* w, int64_t tiles, bool sums_tiles) {
  int64_t rows = kernels(w->block)->rows, n = w->tile + 2;
  int64_t left = w->shape.input_channels, right = w->shape.output_channels;
  int64_t bytes = n * n * rows * (left + right) * (int64_t)sizeof(float);
  int64_t all = ceiling(tiles, rows), most = tile_budget / bytes;
  // The filters' matrices are read once for each share of the tiles: it must not be too small.
  if (most < 16) most = 16;
  // Equal shares, so that the last is no leftover.
  int64_t groups = ceiling(all, ceiling(all, most));
  int64_t cell = rows * w->block, block_stride = sums_tiles ? groups * cell + 16 : cell;
  return (plan){.positions = n * n,
                .groups = groups,
                .left_stride = staggered(left / w->block * (groups * cell + 16)),
                .right_stride = staggered(right / w->block * (groups * cell + 16)),
                .filters_stride = staggered(left * right),
                .group_stride_left = sums_tiles ? cell : left * rows,
                .group_stride_right = sums_tiles ? cell : right * rows,
                .block_stride = block_stride};
}

size_t rt_winograd_scratch(const rt_winograd* w, rt_pass pass) {
  const rt_convolution* c = &w->shape;
  int64_t tiles = pass == RT_BACKWARD_DATA ? tile_count(w, c->input_height, c->input_width)
                                           : tile_count(w, c->output_height, c->output_width);
  plan p = plan_for(w, tiles, pass == RT_BACKWARD_WEIGHTS);
  return sizeof(float) * (size_t)(p.positions * (p.left_stride + p.right_stride + p.filters_stride));
}

// MARK: Passes

static rt_tiling tiling(const rt_winograd* w, float* map, int64_t channels, int64_t height,
                        int64_t width, int64_t tiled_height, int64_t tiled_width,
                        float* transformed, int64_t stride, int64_t group_stride,
                        int64_t block_stride) {
  return (rt_tiling){.m = (int)w->tile,
                     .map = map,
                     .channels = channels,
                     .height = height,
                     .width = width,
                     .tiles_y = ceiling(tiled_height, w->tile),
                     .tiles_x = ceiling(tiled_width, w->tile),
                     .tiles = tile_count(w, tiled_height, tiled_width),
                     .transformed = transformed,
                     .stride = stride,
                     .group_stride = group_stride,
                     .block_stride = block_stride};
}

/// Transformed tiles of `in` times filters give those of `out`.
static void convolve(const rt_winograd_kernels* k, plan p, rt_tiling in, rt_tiling out,
                     const float* filters) {
  rt_products products = {.inputs = in.channels,
                          .outputs = out.channels,
                          .tiles = in.transformed,
                          .filters = filters,
                          .out = out.transformed,
                          .tiles_stride = in.stride,
                          .filters_stride = p.filters_stride,
                          .out_stride = out.stride};
  const int64_t panels = ceiling(out.channels / k->block, 2);
  for (int64_t first = 0; first < in.tiles; first += p.groups * k->rows) {
    int64_t left = ceiling(in.tiles - first, k->rows);
    products.groups = left < p.groups ? left : p.groups;
    in.first_tile = out.first_tile = first;
    rt_team_run(k->image_in, &in, (size_t)products.groups, 1);
    rt_team_run(k->products, &products, (size_t)(p.positions * panels), 1);
    rt_team_run(k->map_out, &out, (size_t)products.groups, 1);
  }
}

static size_t block_pairs(const rt_winograd* w) {
  return (size_t)(w->shape.input_channels / w->block * (w->shape.output_channels / w->block));
}

void rt_winograd_forward(const rt_winograd* w, const float* source, const float* weights,
                         const float* bias, float* destination, float* scratch) {
  const rt_winograd_kernels* k = kernels(w->block);
  const rt_convolution* c = &w->shape;
  plan p = plan_for(w, tile_count(w, c->output_height, c->output_width), false);
  float *left = scratch, *right = left + p.positions * p.left_stride;
  rt_filters filters = {.m = (int)w->tile,
                        .inputs = c->input_channels,
                        .outputs = c->output_channels,
                        .weights = weights,
                        .transformed = right + p.positions * p.right_stride,
                        .stride = p.filters_stride};
  rt_team_run(k->filters, &filters, block_pairs(w), 1);
  rt_tiling in = tiling(w, (float*)source, c->input_channels, c->input_height, c->input_width,
                        c->output_height, c->output_width, left, p.left_stride, p.group_stride_left, p.block_stride);
  in.top = c->padding.top;
  in.left = c->padding.left;
  rt_tiling out = tiling(w, destination, c->output_channels, c->output_height, c->output_width,
                         c->output_height, c->output_width, right, p.right_stride,
                         p.group_stride_right, p.block_stride);
  out.bias = bias;
  convolve(k, p, in, out, filters.transformed);
}

void rt_winograd_backward_data(const rt_winograd* w, const float* gradient, const float* weights,
                               float* source_gradient, float* scratch) {
  const rt_winograd_kernels* k = kernels(w->block);
  const rt_convolution* c = &w->shape;
  plan p = plan_for(w, tile_count(w, c->input_height, c->input_width), false);
  float *left = scratch, *right = left + p.positions * p.left_stride;
  rt_filters filters = {.m = (int)w->tile,
                        .inputs = c->input_channels,
                        .outputs = c->output_channels,
                        .weights = weights,
                        .transformed = right + p.positions * p.right_stride,
                        .stride = p.filters_stride};
  rt_team_run(k->filters_back, &filters, block_pairs(w), 1);
  rt_tiling in = tiling(w, (float*)gradient, c->output_channels, c->output_height, c->output_width,
                        c->input_height, c->input_width, right, p.right_stride,
                        p.group_stride_right, p.block_stride);
  in.top = 2 - c->padding.top;
  in.left = 2 - c->padding.left;
  rt_tiling out = tiling(w, source_gradient, c->input_channels, c->input_height, c->input_width,
                         c->input_height, c->input_width, left, p.left_stride, p.group_stride_left, p.block_stride);
  convolve(k, p, in, out, filters.transformed);
}

typedef struct {
  const float* gradient;
  float* bias_gradient;
  int64_t batch, channels, area, block;
} bias_operands;

/// Blocks of channels.
static void sum_bias_gradients(const void* operands, size_t begin, size_t end) {
  const bias_operands* o = operands;
  for (size_t index = begin; index < end; index++) {
    double sums[16] = {0};
    for (int64_t image = 0; image < o->batch; image++) {
      const float* map =
          o->gradient + (image * o->channels / o->block + (int64_t)index) * o->area * o->block;
      for (int64_t i = 0; i < o->area; i++) {
        for (int64_t lane = 0; lane < o->block; lane++) sums[lane] += map[i * o->block + lane];
      }
    }
    for (int64_t lane = 0; lane < o->block; lane++) {
      o->bias_gradient[(int64_t)index * o->block + lane] = (float)sums[lane];
    }
  }
}

void rt_winograd_backward_weights(const rt_winograd* w, const float* source, const float* gradient,
                                  float* weights_gradient, float* bias_gradient, float* scratch) {
  const rt_winograd_kernels* k = kernels(w->block);
  const rt_convolution* c = &w->shape;
  plan p = plan_for(w, tile_count(w, c->output_height, c->output_width), true);
  float *left = scratch, *right = left + p.positions * p.left_stride;
  rt_filters filters = {.m = (int)w->tile,
                        .inputs = c->input_channels,
                        .outputs = c->output_channels,
                        .gradient = weights_gradient,
                        .transformed = right + p.positions * p.right_stride,
                        .stride = p.filters_stride};
  rt_tiling in = tiling(w, (float*)source, c->input_channels, c->input_height, c->input_width,
                        c->output_height, c->output_width, left, p.left_stride, p.group_stride_left, p.block_stride);
  in.top = c->padding.top;
  in.left = c->padding.left;
  rt_tiling out = tiling(w, (float*)gradient, c->output_channels, c->output_height,
                         c->output_width, c->output_height, c->output_width, right,
                         p.right_stride, p.group_stride_right, p.block_stride);
  rt_products products = {.inputs = c->input_channels,
                          .outputs = c->output_channels,
                          .tiles = left,
                          .filters = right,
                          .out = filters.transformed,
                          .tiles_stride = p.left_stride,
                          .filters_stride = p.right_stride,
                          .out_stride = p.filters_stride,
                          .block_stride = p.block_stride};
  for (int64_t first = 0; first < in.tiles; first += p.groups * k->rows) {
    int64_t rest = ceiling(in.tiles - first, k->rows);
    products.groups = rest < p.groups ? rest : p.groups;
    products.is_first = first == 0;
    in.first_tile = out.first_tile = first;
    rt_team_run(k->image_in, &in, (size_t)products.groups, 1);
    rt_team_run(k->gradient_in, &out, (size_t)products.groups, 1);
    rt_team_run(k->gradient_products, &products,
                (size_t)(p.positions * (c->input_channels / k->block)), 1);
  }
  rt_team_run(k->filter_gradients, &filters, block_pairs(w), 1);
  if (bias_gradient) {
    bias_operands operands = {gradient, bias_gradient, c->batch, c->output_channels,
                              c->output_height * c->output_width, w->block};
    rt_team_run(sum_bias_gradients, &operands, (size_t)(c->output_channels / w->block), 1);
  }
}
