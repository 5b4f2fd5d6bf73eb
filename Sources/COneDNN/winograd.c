/// 3×3 convolutions of stride 1 by minimal filtering (Winograd 1980; Lavin and Gray 2016,
/// arXiv:1509.09308): F(4×4, 3×3), F(3×3, 3×3) and F(2×2, 3×3), for all three passes.
///
/// A map is cut into tiles of m×m outputs, which read (m+2)×(m+2) inputs. Tiles and filters are
/// transformed; every one of the (m+2)² positions is then a matrix product over the channels, with
/// 2.25 (m = 4), 2.78 (m = 3) or 4 (m = 2) multiplications an output and channel instead of 9. The
/// gradient of the filters is the transpose of that, and the gradient of the image is the forward
/// pass with filters turned by 180°.
///
/// Where there are few channels, a thread takes a chunk of tiles through all of it, in its own
/// cache. Where there are many, so that few tiles would meet all the filters' matrices, the team
/// takes a share of the tiles from step to step, in the cache of all.
///
/// The points of the larger transforms are not Lavin's 0, ±1, ±2 but ±5/8 and ±3/2 (m = 4, with 0),
/// ±1/2 and ±5/4 (m = 3): in float32 they lose half as much.
#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "team.h"
#include "width.h"

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
  void* map;
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
  /// Of what comes out, from one group of tiles to the next.
  int64_t group_stride;
  /// From one block of channels to the next, where the products sum over tiles.
  int64_t block_stride;
  /// Whether `out` begins at zero instead of adding up.
  bool is_first;
} rt_products;

/// Groups of tiles whose places a thread finds at once.
enum { most_groups = 8 };

/// A convolution whose threads each take `chunk` groups of tiles at once through all of it.
typedef struct {
  /// With the memory of the first worker.
  rt_tiling in, out;
  rt_products products;
  int64_t groups, chunk, workers, worker_stride;
} rt_chunks;

typedef struct {
  const void* gradient;
  float* bias_gradient;
  int64_t batch, channels, area;
} rt_bias_gradients;

typedef struct {
  int block, rows;
  rt_range_body image_in, gradient_in, map_out;
  rt_range_body filters, filters_back, filter_gradients;
  rt_range_body products, gradient_products, chunks;
  rt_range_body bias_gradients;
} kernels_of_width;

#define RT_KERNELS "winograd_kernels.h"
#include "instances.h"

static const kernels_of_width* kernels(const rt_winograd* w) {
  static const kernels_of_width* const instances[RT_WIDTHS][RT_ELEMENTS] = RT_INSTANCES;
  return instances[rt_width_for(w->block)][w->element];
}

bool rt_winograd_supports(const rt_winograd* w) {
  const rt_convolution* c = &w->shape;
  return (w->block == 8 || w->block == 16) && w->tile >= 2 && w->tile <= 4 && w->workers > 0 &&
         c->kernel == 3 && c->stride == 1 && c->groups == 1 && c->input_channels % w->block == 0 &&
         c->output_channels % w->block == 0 && c->padding.top <= 2 && c->padding.left <= 2;
}

// MARK: Planning

/// How a pass uses its scratch memory, in floats: `left` is the input's side, `right` the output's.
typedef struct {
  int64_t tiles, positions;
  /// Groups of tiles that are worked on at once: by the team, or by each of its workers.
  int64_t groups;
  bool is_chunked;
  int64_t left_stride, right_stride, filters_stride;
  int64_t group_stride_left, group_stride_right, block_stride;
  /// From one worker's tiles to the next's, and of all tiles.
  int64_t worker_stride, extent;
} plan;

/// Bytes of transformed tiles that the team works on at once, about: they stay in the last level of
/// cache. The filters' matrices are read once for each share of the tiles, so that it must not be
/// too small; their gradients are written, too, so that it is larger where they are.
enum { share_bytes = 4 << 20, most_share_bytes = 20 << 20, least_share = 16 };
/// Bytes of transformed tiles that a worker reads its sums from: they stay in its second level of
/// cache. With fewer groups than these, it would wait for the filters' matrices.
enum { chunk_bytes = 330 << 10, least_chunk = 3 };

static int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Shares of `all` that are equal, as far as can be, so that the last is no leftover.
static int64_t equal_shares(int64_t all, int64_t most) { return ceiling(all, ceiling(all, most)); }

/// The positions' columns would all fall into the same sets of the cache if they lay a power of two
/// apart.
static int64_t staggered(int64_t floats) { return ceiling(floats, 1024) * 1024 + 48; }

static int64_t tile_count(const rt_winograd* w, int64_t height, int64_t width) {
  return w->shape.batch * ceiling(height, w->tile) * ceiling(width, w->tile);
}

/// Groups of tiles of `channels` that a worker takes through a convolution at once; 0 where the
/// team does it together.
static int64_t chunk_for(const rt_winograd* w, int64_t all, int64_t positions, int64_t channels) {
  int64_t rows = kernels(w)->rows;
  int64_t most = chunk_bytes / (positions * rows * channels * (int64_t)sizeof(float));
  if (most < least_chunk) return 0;
  return equal_shares(ceiling(all, w->workers), most < most_groups ? most : most_groups);
}

static plan plan_for(const rt_winograd* w, rt_pass pass) {
  const rt_convolution* c = &w->shape;
  const int64_t rows = kernels(w)->rows, n = w->tile + 2, cell = rows * w->block;
  const int64_t left = c->input_channels, right = c->output_channels;
  const bool sums_tiles = pass == RT_BACKWARD_WEIGHTS, is_back = pass == RT_BACKWARD_DATA;
  const int64_t tiles = is_back ? tile_count(w, c->input_height, c->input_width)
                                : tile_count(w, c->output_height, c->output_width);
  const int64_t all = ceiling(tiles, rows);
  plan p = {.tiles = tiles,
            .positions = n * n,
            .filters_stride = staggered(left * right),
            .group_stride_left = left * rows,
            .group_stride_right = right * rows,
            .block_stride = cell};
  int64_t chunk = sums_tiles ? 0 : chunk_for(w, all, n * n, is_back ? right : left);
  if (chunk > 0) {
    // Of what comes out, a worker has two blocks of channels at a time.
    *(is_back ? &p.group_stride_left : &p.group_stride_right) = 2 * cell;
    p.is_chunked = true;
    p.groups = chunk;
    p.left_stride = chunk * p.group_stride_left + 16;
    p.right_stride = chunk * p.group_stride_right + 16;
    p.worker_stride = p.positions * (p.left_stride + p.right_stride) + 16;
    p.extent = w->workers * p.worker_stride;
    return p;
  }
  int64_t budget = sums_tiles ? 2 * p.positions * left * right * (int64_t)sizeof(float) : 0;
  if (budget < share_bytes) budget = share_bytes;
  if (budget > most_share_bytes) budget = most_share_bytes;
  int64_t most = budget / (p.positions * rows * (left + right) * (int64_t)sizeof(float));
  p.groups = equal_shares(all, most < least_share ? least_share : most);
  if (sums_tiles) {
    // The products of the filters' gradient sum over tiles, those of the other passes over
    // channels: a channel block's groups lie together, not a group's channels.
    p.group_stride_left = p.group_stride_right = cell;
    p.block_stride = p.groups * cell + 16;
  }
  p.left_stride = staggered(left / w->block * (p.groups * cell + 16));
  p.right_stride = staggered(right / w->block * (p.groups * cell + 16));
  p.extent = p.positions * (p.left_stride + p.right_stride);
  return p;
}

size_t rt_winograd_scratch(const rt_winograd* w, rt_pass pass) {
  plan p = plan_for(w, pass);
  return sizeof(float) * (size_t)(p.extent + p.positions * p.filters_stride);
}

// MARK: Passes

/// The parts of a pass: two maps in tiles, and the filters between them.
typedef struct {
  plan plan;
  /// Of the convolution's input and output, or their gradients.
  rt_tiling input, output;
  rt_filters filters;
} parts;

static rt_tiling tiling(const rt_winograd* w, const void* map, int64_t channels, int64_t height,
                        int64_t width) {
  return (rt_tiling){
      .m = (int)w->tile, .map = (void*)map, .channels = channels, .height = height, .width = width};
}

/// Cuts both maps into tiles, and gives each part its place in `scratch`.
static parts parts_of(const rt_winograd* w, rt_pass pass, const void* input, const void* output,
                      float* scratch) {
  const rt_convolution* c = &w->shape;
  const bool is_back = pass == RT_BACKWARD_DATA;
  parts s = {
      .plan = plan_for(w, pass),
      .input = tiling(w, input, c->input_channels, c->input_height, c->input_width),
      .output = tiling(w, output, c->output_channels, c->output_height, c->output_width),
      .filters = {.m = (int)w->tile, .inputs = c->input_channels, .outputs = c->output_channels},
  };
  const plan* p = &s.plan;
  for (int side = 0; side < 2; side++) {
    rt_tiling* t = side == 0 ? &s.input : &s.output;
    t->tiles_y = ceiling(is_back ? c->input_height : c->output_height, w->tile);
    t->tiles_x = ceiling(is_back ? c->input_width : c->output_width, w->tile);
    t->tiles = p->tiles;
    t->block_stride = p->block_stride;
  }
  s.input.transformed = scratch;
  s.input.stride = p->left_stride;
  s.input.group_stride = p->group_stride_left;
  s.output.transformed = scratch + p->positions * p->left_stride;
  s.output.stride = p->right_stride;
  s.output.group_stride = p->group_stride_right;
  s.filters.transformed = scratch + p->extent;
  s.filters.stride = p->filters_stride;
  return s;
}

/// Transformed tiles of `in` times the filters give those of `out`.
static void convolve(const rt_winograd* w, const parts* s, rt_tiling in, rt_tiling out) {
  const kernels_of_width* k = kernels(w);
  const plan* p = &s->plan;
  rt_products products = {.inputs = in.channels,
                          .outputs = out.channels,
                          .tiles = in.transformed,
                          .filters = s->filters.transformed,
                          .out = out.transformed,
                          .tiles_stride = in.stride,
                          .filters_stride = p->filters_stride,
                          .out_stride = out.stride,
                          .group_stride = out.group_stride};
  if (p->is_chunked) {
    rt_chunks chunks = {.in = in,
                        .out = out,
                        .products = products,
                        .groups = ceiling(in.tiles, k->rows),
                        .chunk = p->groups,
                        .workers = w->workers,
                        .worker_stride = p->worker_stride};
    rt_team_run(k->chunks, &chunks, (size_t)w->workers, 1);
    return;
  }
  const int64_t panels = ceiling(out.channels / k->block, 2);
  for (int64_t first = 0; first < in.tiles; first += p->groups * k->rows) {
    int64_t left = ceiling(in.tiles - first, k->rows);
    products.groups = left < p->groups ? left : p->groups;
    in.first_tile = out.first_tile = first;
    rt_team_run(k->image_in, &in, (size_t)products.groups, 1);
    rt_team_run(k->products, &products, (size_t)(p->positions * panels), 1);
    rt_team_run(k->map_out, &out, (size_t)products.groups, 1);
  }
}

static size_t block_pairs(const rt_winograd* w) {
  return (size_t)(w->shape.input_channels / w->block * (w->shape.output_channels / w->block));
}

void rt_winograd_forward(const rt_winograd* w, const void* source, const float* weights,
                         const float* bias, void* destination, float* scratch) {
  const kernels_of_width* k = kernels(w);
  const rt_convolution* c = &w->shape;
  parts s = parts_of(w, RT_FORWARD_TRAINING, source, destination, scratch);
  s.filters.weights = weights;
  rt_team_run(k->filters, &s.filters, block_pairs(w), 1);
  s.input.top = c->padding.top;
  s.input.left = c->padding.left;
  s.output.bias = bias;
  convolve(w, &s, s.input, s.output);
}

void rt_winograd_backward_data(const rt_winograd* w, const void* gradient, const float* weights,
                               void* source_gradient, float* scratch) {
  const kernels_of_width* k = kernels(w);
  const rt_convolution* c = &w->shape;
  parts s = parts_of(w, RT_BACKWARD_DATA, source_gradient, gradient, scratch);
  s.filters.weights = weights;
  rt_team_run(k->filters_back, &s.filters, block_pairs(w), 1);
  s.output.top = 2 - c->padding.top;
  s.output.left = 2 - c->padding.left;
  convolve(w, &s, s.output, s.input);
}

void rt_winograd_backward_weights(const rt_winograd* w, const void* source, const void* gradient,
                                  float* weights_gradient, float* bias_gradient, float* scratch) {
  const kernels_of_width* k = kernels(w);
  const rt_convolution* c = &w->shape;
  parts s = parts_of(w, RT_BACKWARD_WEIGHTS, source, gradient, scratch);
  const plan* p = &s.plan;
  s.filters.gradient = weights_gradient;
  s.input.top = c->padding.top;
  s.input.left = c->padding.left;
  rt_products products = {.inputs = c->input_channels,
                          .outputs = c->output_channels,
                          .tiles = s.input.transformed,
                          .filters = s.output.transformed,
                          .out = s.filters.transformed,
                          .tiles_stride = p->left_stride,
                          .filters_stride = p->right_stride,
                          .out_stride = p->filters_stride,
                          .block_stride = p->block_stride};
  for (int64_t first = 0; first < s.input.tiles; first += p->groups * k->rows) {
    int64_t left = ceiling(s.input.tiles - first, k->rows);
    products.groups = left < p->groups ? left : p->groups;
    products.is_first = first == 0;
    s.input.first_tile = s.output.first_tile = first;
    rt_team_run(k->image_in, &s.input, (size_t)products.groups, 1);
    rt_team_run(k->gradient_in, &s.output, (size_t)products.groups, 1);
    rt_team_run(k->gradient_products, &products,
                (size_t)(p->positions * (c->input_channels / k->block)), 1);
  }
  rt_team_run(k->filter_gradients, &s.filters, block_pairs(w), 1);
  if (bias_gradient) {
    rt_bias_gradients operands = {gradient, bias_gradient, c->batch, c->output_channels,
                                  c->output_height * c->output_width};
    rt_team_run(k->bias_gradients, &operands, (size_t)(c->output_channels / w->block), 1);
  }
}
