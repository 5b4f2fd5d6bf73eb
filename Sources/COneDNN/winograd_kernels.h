// The kernels of winograd.c, included by instances.h once for each instance.

#include "vectors.h"

/// Tiles that a step of the product takes at once: what the registers hold.
#define RT_ROWS (RT_WIDE ? 12 : 6)

// MARK: One dimension
// `m` is 4, 3 or 2, a constant where these are inlined; N is m + 2. The points are 0, ±a, ±b and ∞
// for m = 4; ±a, ±b and ∞ for m = 3; 0, ±1 and ∞ for m = 2.

/// Bᵀ: N elements of a row of the image.
RT_INLINE void RT_NAME(image_row)(int m, const vec* d, vec* v) {
  const float a = point_a(m), b = point_b(m), a2 = a * a, b2 = b * b;
  if (m == 4) {
    vec even_a = d[4] - b2 * d[2], odd_a = a * (d[3] - b2 * d[1]);
    vec even_b = d[4] - a2 * d[2], odd_b = b * (d[3] - a2 * d[1]);
    v[0] = a2 * b2 * d[0] - (a2 + b2) * d[2] + d[4];
    v[1] = even_a + odd_a;
    v[2] = even_a - odd_a;
    v[3] = even_b + odd_b;
    v[4] = even_b - odd_b;
    v[5] = a2 * b2 * d[1] - (a2 + b2) * d[3] + d[5];
  } else if (m == 2) {
    v[0] = d[2] - d[0];
    v[1] = d[2] + d[1];
    v[2] = d[2] - d[1];
    v[3] = d[3] - d[1];
  } else {
    vec odd_a = d[3] - b2 * d[1], even_a = a * (d[2] - b2 * d[0]);
    vec odd_b = d[3] - a2 * d[1], even_b = b * (d[2] - a2 * d[0]);
    v[0] = odd_a + even_a;
    v[1] = odd_a - even_a;
    v[2] = odd_b + even_b;
    v[3] = odd_b - even_b;
    v[4] = a2 * b2 * d[0] - (a2 + b2) * d[2] + d[4];
  }
}

/// G: the three taps of a row of the filter.
RT_INLINE void RT_NAME(filter_row)(int m, const vec* g, vec* u) {
  const float a = point_a(m), b = point_b(m);
  const float na = scale_a(m), nb = scale_b(m);
  if (m == 2) {
    vec even = 0.5f * (g[0] + g[2]), odd = 0.5f * g[1];
    u[0] = -g[0];
    u[1] = even + odd;
    u[2] = even - odd;
    u[3] = g[2];
    return;
  }
  vec even_a = na * (g[0] + a * a * g[2]), odd_a = na * a * g[1];
  vec even_b = nb * (g[0] + b * b * g[2]), odd_b = nb * b * g[1];
  if (m == 4) {
    u[0] = scale_0(m) * g[0];
    u[1] = even_a + odd_a;
    u[2] = even_a - odd_a;
    u[3] = even_b + odd_b;
    u[4] = even_b - odd_b;
    u[5] = g[2];
  } else {
    u[0] = odd_a + even_a;
    u[1] = odd_a - even_a;
    u[2] = odd_b + even_b;
    u[3] = odd_b - even_b;
    u[4] = g[2];
  }
}

/// Aᵀ: m outputs from N products.
RT_INLINE void RT_NAME(output_row)(int m, const vec* p, vec* y) {
  const float a = point_a(m), b = point_b(m);
  if (m == 2) {
    y[0] = p[0] + p[1] + p[2];
    y[1] = p[1] - p[2] + p[3];
    return;
  }
  const vec* q = m == 4 ? p + 1 : p;
  vec sum_a = q[0] + q[1], difference_a = q[0] - q[1];
  vec sum_b = q[2] + q[3], difference_b = q[2] - q[3];
  y[0] = m == 4 ? p[0] + sum_a + sum_b : sum_a + sum_b;
  y[1] = a * difference_a + b * difference_b;
  y[2] = a * a * sum_a + b * b * sum_b;
  if (m == 4) {
    y[3] = a * a * a * difference_a + b * b * b * difference_b + p[5];
  } else {
    y[2] += p[4];
  }
}

/// A: N elements from m gradients of outputs, the transpose of `output_row`.
RT_INLINE void RT_NAME(gradient_row)(int m, const vec* y, vec* z) {
  const float a = point_a(m), b = point_b(m);
  if (m == 2) {
    z[0] = y[0];
    z[1] = y[0] + y[1];
    z[2] = y[0] - y[1];
    z[3] = y[1];
    return;
  }
  vec even_a = y[0] + a * a * y[2], odd_a = a * y[1];
  vec even_b = y[0] + b * b * y[2], odd_b = b * y[1];
  vec* q = m == 4 ? z + 1 : z;
  if (m == 4) {
    odd_a += a * a * a * y[3];
    odd_b += b * b * b * y[3];
    z[0] = y[0];
    z[5] = y[3];
  } else {
    z[4] = y[2];
  }
  q[0] = even_a + odd_a;
  q[1] = even_a - odd_a;
  q[2] = even_b + odd_b;
  q[3] = even_b - odd_b;
}

/// Gᵀ: gradients of three taps from those of N elements, the transpose of `filter_row`.
RT_INLINE void RT_NAME(filter_gradient_row)(int m, const vec* u, vec* g) {
  const float a = point_a(m), b = point_b(m);
  const float na = scale_a(m), nb = scale_b(m);
  if (m == 2) {
    vec sum = 0.5f * (u[1] + u[2]), difference = 0.5f * (u[1] - u[2]);
    g[0] = sum - u[0];
    g[1] = difference;
    g[2] = sum + u[3];
    return;
  }
  const vec* q = m == 4 ? u + 1 : u;
  vec sum_a = na * (q[0] + q[1]), difference_a = na * (q[0] - q[1]);
  vec sum_b = nb * (q[2] + q[3]), difference_b = nb * (q[2] - q[3]);
  if (m == 4) {
    g[0] = scale_0(m) * u[0] + sum_a + sum_b;
    g[1] = a * difference_a + b * difference_b;
    g[2] = a * a * sum_a + b * b * sum_b + u[5];
  } else {
    g[0] = difference_a + difference_b;
    g[1] = a * sum_a + b * sum_b;
    g[2] = a * a * difference_a + b * b * difference_b + u[4];
  }
}

// MARK: Two dimensions

/// Where the tiles of a group lie, the same for every block of channels.
typedef struct {
  /// Of the tile's first channel; null behind the last tile.
  element* map;
  int64_t y, x;
  /// Whether all its pixels lie in the map. If not, the offsets of those that do and of some other
  /// pixel for those that do not, and all or no bits of a lane.
  bool is_inside;
  int32_t offsets[36], mask[36];
} RT_NAME(place);
#define place RT_NAME(place)

/// Where `groups` groups of tiles from `first` on lie.
RT_INLINE void RT_NAME(find_tiles)(int m, int side, const rt_tiling* t, int64_t first,
                                   int64_t groups, place* places) {
  const int64_t per_map = t->tiles_y * t->tiles_x;
  for (int64_t row = 0; row < groups * RT_ROWS; row++) {
    place* p = places + row;
    int64_t index = t->first_tile + first * RT_ROWS + row;
    int64_t image = index / per_map, tile = index % per_map;
    p->map =
        index < t->tiles ? (element*)t->map + image * t->channels * t->height * t->width : NULL;
    p->y = tile / t->tiles_x * m - t->top;
    p->x = tile % t->tiles_x * m - t->left;
    p->is_inside = p->y >= 0 && p->x >= 0 && p->y + side <= t->height && p->x + side <= t->width;
    if (p->is_inside) continue;
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        int64_t y = p->y + i, x = p->x + j;
        bool exists = y >= 0 && y < t->height && x >= 0 && x < t->width;
        p->offsets[i * side + j] = exists ? (int32_t)((y * t->width + x) * RT_BLOCK) : 0;
        p->mask[i * side + j] = exists ? -1 : 0;
      }
    }
  }
}

/// Reads the `side`×`side` pixels of a channel block; zero outside the map. Of the tile after the
/// next, it fetches the `m` columns that are new.
RT_INLINE void RT_NAME(read_tile)(int m, int side, const place* p, const element* map,
                                  int64_t width, vec* tile) {
  if (p->is_inside) {
    const element* first = map + (p->y * width + p->x) * RT_BLOCK;
    RT_UNROLL for (int i = 0; i < side; i++) {
      const element* ahead = first + (i * width + 2 * m + side - m) * RT_BLOCK;
      __builtin_prefetch(ahead);
      __builtin_prefetch(ahead + m / 2 * RT_BLOCK);
      RT_UNROLL for (int j = 0; j < side; j++) {
        tile[i * side + j] = load_elements(first + (i * width + j) * RT_BLOCK);
      }
    }
    return;
  }
  RT_UNROLL for (int i = 0; i < side * side; i++) {
    tile[i] = (vec)((bits)load_elements(map + p->offsets[i]) & (bits)p->mask[i]);
  }
}

/// Groups of tiles of a map of activations or gradients into transformed tiles. The groups of a
/// channel block come one after the other, and so do the tiles of a group: what they read lies
/// together.
RT_INLINE void RT_NAME(transform_in)(int m, bool is_gradient, const rt_tiling* t,
                                     const place* places, int64_t groups, float* transformed) {
  const int n = m + 2, side = is_gradient ? m : n;
  const int64_t blocks = t->channels / RT_BLOCK, area = t->height * t->width * RT_BLOCK;
  for (int64_t step = 0; step < blocks * groups; step++) {
    const int64_t block = step / groups, group = step % groups;
    const place* p = places + group * RT_ROWS;
    float* out = transformed + group * t->group_stride + block * t->block_stride;
    for (int row = 0; row < RT_ROWS; row++, p++, out += RT_BLOCK) {
      if (!p->map) {
        for (int i = 0; i < n * n; i++) store(out + i * t->stride, (vec)0.0f);
        continue;
      }
      vec tile[36], half[36], column[6], result[6];
      RT_NAME(read_tile)(m, side, p, p->map + block * area, t->width, tile);
      RT_UNROLL for (int i = 0; i < side; i++) {
        if (is_gradient) {
          RT_NAME(gradient_row)(m, tile + i * side, half + i * n);
        } else {
          RT_NAME(image_row)(m, tile + i * side, half + i * n);
        }
      }
      RT_UNROLL for (int j = 0; j < n; j++) {
        RT_UNROLL for (int i = 0; i < side; i++) column[i] = half[i * n + j];
        if (is_gradient) {
          RT_NAME(gradient_row)(m, column, result);
        } else {
          RT_NAME(image_row)(m, column, result);
        }
        RT_UNROLL for (int i = 0; i < n; i++) store(out + (i * n + j) * t->stride, result[i]);
      }
    }
  }
}

/// `blocks` channel blocks of groups of transformed tiles into a map, with the bias of each channel
/// where there is one.
RT_INLINE void RT_NAME(transform_out)(int m, const rt_tiling* t, const place* places,
                                      int64_t groups, int64_t first_block, int64_t blocks,
                                      const float* transformed) {
  const int n = m + 2;
  const int64_t area = t->height * t->width * RT_BLOCK;
  for (int64_t step = 0; step < blocks * groups; step++) {
    const int64_t block = first_block + step / groups, group = step % groups;
    const place* p = places + group * RT_ROWS;
    const float* in = transformed + group * t->group_stride + step / groups * t->block_stride;
    vec bias = t->bias ? load(t->bias + block * RT_BLOCK) : (vec)0.0f;
    for (int row = 0; row < RT_ROWS && p->map; row++, p++, in += RT_BLOCK) {
      int64_t rows = t->height - p->y < m ? t->height - p->y : m;
      int64_t columns = t->width - p->x < m ? t->width - p->x : m;
      vec products[6], column[4], half[24], result[4];
      RT_UNROLL for (int j = 0; j < n; j++) {
        RT_UNROLL for (int i = 0; i < n; i++) products[i] = load(in + (i * n + j) * t->stride);
        RT_NAME(output_row)(m, products, column);
        RT_UNROLL for (int i = 0; i < m; i++) half[i * n + j] = column[i];
      }
      element* out = p->map + block * area + (p->y * t->width + p->x) * RT_BLOCK;
      RT_UNROLL for (int i = 0; i < m; i++) {
        RT_NAME(output_row)(m, half + i * n, result);
        if (i < rows) {
          RT_UNROLL for (int j = 0; j < m; j++) {
            if (j < columns) store_elements(out + (i * t->width + j) * RT_BLOCK, result[j] + bias);
          }
        }
      }
    }
  }
}

/// The work items are the groups of a share. Those of a channel block come one after the other
/// where they lie so.
RT_INLINE void RT_NAME(share_in)(int m, bool is_gradient, const rt_tiling* t, size_t begin,
                                 size_t end) {
  place places[most_groups * RT_ROWS];
  const int64_t most = t->group_stride < t->block_stride ? most_groups : 1;
  for (int64_t first = (int64_t)begin; first < (int64_t)end; first += most) {
    int64_t left = (int64_t)end - first, groups = left < most ? left : most;
    RT_NAME(find_tiles)(m, is_gradient ? m : m + 2, t, first, groups, places);
    RT_NAME(transform_in)
    (m, is_gradient, t, places, groups, t->transformed + first * t->group_stride);
  }
}

RT_INLINE void RT_NAME(share_out)(int m, const rt_tiling* t, size_t begin, size_t end) {
  for (int64_t group = (int64_t)begin; group < (int64_t)end; group++) {
    place places[RT_ROWS];
    RT_NAME(find_tiles)(m, 0, t, group, 1, places);
    RT_NAME(transform_out)
    (m, t, places, 1, 0, t->channels / RT_BLOCK, t->transformed + group * t->group_stride);
  }
}

/// The address of a column of a filter matrix whose columns lie in panels of two blocks: the last
/// panel may be of one.
RT_INLINE int64_t RT_NAME(panel_offset)(int64_t column_block, int64_t row, int64_t rows,
                                        int64_t columns) {
  int64_t panel = column_block / 2, start = panel * 2 * RT_BLOCK;
  int64_t width = columns - start < 2 * RT_BLOCK ? RT_BLOCK : 2 * RT_BLOCK;
  return start * rows + row * width + column_block % 2 * RT_BLOCK;
}

RT_INLINE void RT_NAME(filter_tile)(int m, const vec* taps, float* out, int64_t stride) {
  const int n = m + 2;
  vec half[18], column[3], result[6];
  RT_UNROLL for (int i = 0; i < 3; i++) RT_NAME(filter_row)(m, taps + i * 3, half + i * n);
  RT_UNROLL for (int j = 0; j < n; j++) {
    RT_UNROLL for (int i = 0; i < 3; i++) column[i] = half[i * n + j];
    RT_NAME(filter_row)(m, column, result);
    RT_UNROLL for (int i = 0; i < n; i++) store(out + (i * n + j) * stride, result[i]);
  }
}

/// Filters into matrices of input×output channels; the work items are pairs of blocks.
RT_INLINE void RT_NAME(transform_filters)(int m, const rt_filters* f, size_t begin, size_t end) {
  const int64_t in_blocks = f->inputs / RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t out_block = (int64_t)item / in_blocks, in_block = (int64_t)item % in_blocks;
    const float* taps = f->weights + (int64_t)item * 9 * RT_BLOCK * RT_BLOCK;
    for (int i = 0; i < RT_BLOCK; i++) {
      vec filter[9];
      RT_UNROLL for (int tap = 0; tap < 9; tap++) {
        filter[tap] = as_element(load(taps + (tap * RT_BLOCK + i) * RT_BLOCK));
      }
      float* out = f->transformed +
                   RT_NAME(panel_offset)(out_block, in_block * RT_BLOCK + i, f->inputs, f->outputs);
      RT_NAME(filter_tile)(m, filter, out, f->stride);
    }
  }
}

/// Filters, turned by 180°, into matrices of output×input channels: those of the backward pass.
RT_INLINE void RT_NAME(transform_filters_back)(int m, const rt_filters* f, size_t begin,
                                               size_t end) {
  const int64_t in_blocks = f->inputs / RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t out_block = (int64_t)item / in_blocks, in_block = (int64_t)item % in_blocks;
    const float* taps = f->weights + (int64_t)item * 9 * RT_BLOCK * RT_BLOCK;
    for (int o = 0; o < RT_BLOCK; o++) {
      vec filter[9];
      for (int tap = 0; tap < 9; tap++) {
        float lanes[RT_BLOCK];
        const float* column = taps + (8 - tap) * RT_BLOCK * RT_BLOCK + o;
        RT_UNROLL for (int i = 0; i < RT_BLOCK; i++) lanes[i] = column[i * RT_BLOCK];
        filter[tap] = as_element(load(lanes));
      }
      float* out = f->transformed +
                   RT_NAME(panel_offset)(in_block, out_block * RT_BLOCK + o, f->outputs, f->inputs);
      RT_NAME(filter_tile)(m, filter, out, f->stride);
    }
  }
}

/// Gradients of filter matrices, row-major input×output channels, into those of the filters.
RT_INLINE void RT_NAME(transform_filter_gradients)(int m, const rt_filters* f, size_t begin,
                                                   size_t end) {
  const int n = m + 2;
  const int64_t in_blocks = f->inputs / RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t out_block = (int64_t)item / in_blocks, in_block = (int64_t)item % in_blocks;
    float* taps = f->gradient + (int64_t)item * 9 * RT_BLOCK * RT_BLOCK;
    for (int i = 0; i < RT_BLOCK; i++) {
      const float* in =
          f->transformed + (in_block * RT_BLOCK + i) * f->outputs + out_block * RT_BLOCK;
      vec column[6], three[3], half[18], result[3];
      RT_UNROLL for (int c = 0; c < n; c++) {
        RT_UNROLL for (int r = 0; r < n; r++) column[r] = load(in + (r * n + c) * f->stride);
        RT_NAME(filter_gradient_row)(m, column, three);
        RT_UNROLL for (int r = 0; r < 3; r++) half[r * n + c] = three[r];
      }
      RT_UNROLL for (int r = 0; r < 3; r++) {
        RT_NAME(filter_gradient_row)(m, half + r * n, result);
        RT_UNROLL for (int c = 0; c < 3; c++) {
          store(taps + ((r * 3 + c) * RT_BLOCK + i) * RT_BLOCK, result[c]);
        }
      }
    }
  }
}

// MARK: Products

/// RT_ROWS tiles times a panel of `blocks` column blocks, summed over `depth` channels.
RT_INLINE void RT_NAME(product_step)(int blocks, int64_t depth, const float* tiles,
                                     const float* panel, float* out) {
  vec sum[RT_ROWS][2];
  RT_UNROLL for (int r = 0; r < RT_ROWS; r++) {
    RT_UNROLL for (int c = 0; c < blocks; c++) sum[r][c] = (vec)0.0f;
  }
  for (int64_t block = 0; block < depth / RT_BLOCK; block++, tiles += RT_ROWS * RT_BLOCK) {
    RT_UNROLL for (int k = 0; k < RT_BLOCK; k++) {
      vec filter[2];
      RT_UNROLL for (int c = 0; c < blocks; c++) {
        filter[c] = load(panel + c * RT_BLOCK);
        hold(filter[c]);
      }
      panel += blocks * RT_BLOCK;
      RT_UNROLL for (int r = 0; r < RT_ROWS; r++) {
        vec tile = spread_float(tiles + r * RT_BLOCK + k);
        RT_UNROLL for (int c = 0; c < blocks; c++) multiply_add(sum[r][c], tile, filter[c]);
      }
    }
  }
  RT_UNROLL for (int c = 0; c < blocks; c++) {
    RT_UNROLL for (int r = 0; r < RT_ROWS; r++) {
      store(out + (c * RT_ROWS + r) * RT_BLOCK, sum[r][c]);
    }
  }
}

/// Groups of tiles times a panel of filters, at one position.
RT_INLINE void RT_NAME(panel_products)(int blocks, const rt_products* p, const float* tiles,
                                       const float* panel, float* out) {
  for (int64_t group = 0; group < p->groups; group++) {
    const float* in = tiles + group * p->inputs * RT_ROWS;
    float* result = out + group * p->group_stride;
    if (blocks == 2) {
      RT_NAME(product_step)(2, p->inputs, in, panel, result);
    } else {
      RT_NAME(product_step)(1, p->inputs, in, panel, result);
    }
  }
}

/// Products of a share of the tiles; the work items are panels of positions.
static void RT_NAME(products)(const void* operands, size_t begin, size_t end) {
  const rt_products* p = operands;
  const int64_t blocks = p->outputs / RT_BLOCK, panels = (blocks + 1) / 2;
  for (size_t item = begin; item < end; item++) {
    int64_t position = (int64_t)item / panels, panel = (int64_t)item % panels;
    RT_NAME(panel_products)
    (panel * 2 + 1 < blocks ? 2 : 1, p, p->tiles + position * p->tiles_stride,
     p->filters + position * p->filters_stride + panel * 2 * RT_BLOCK * p->inputs,
     p->out + position * p->out_stride + panel * 2 * RT_BLOCK * RT_ROWS);
  }
}

/// Fetches the m×m pixels of some blocks that are a tile's own: to be written to at once, or read
/// after a while.
RT_INLINE void RT_NAME(fetch)(int m, bool is_written, const rt_tiling* t, const place* p,
                              int64_t first_block, int64_t blocks) {
  if (!p->map) return;
  const int64_t area = t->height * t->width * RT_BLOCK, margin = is_written ? 0 : 2;
  for (int64_t block = first_block; block < first_block + blocks; block++) {
    const element* first =
        p->map + block * area + ((p->y + margin) * t->width + p->x + margin) * RT_BLOCK;
    RT_UNROLL for (int i = 0; i < m; i++) {
      const element* row = first + i * t->width * RT_BLOCK;
      if (is_written) {
        __builtin_prefetch(row, 1, 3);
        __builtin_prefetch(row + m / 2 * RT_BLOCK, 1, 3);
      } else {
        __builtin_prefetch(row, 0, 2);
        __builtin_prefetch(row + m / 2 * RT_BLOCK, 0, 2);
      }
    }
  }
}

/// All of a convolution, chunk by chunk, each in a thread's own memory: the work items are the
/// threads. While it multiplies, a thread fetches what it is to write next and the next chunk.
RT_INLINE void RT_NAME(convolve)(int m, const rt_chunks* c, size_t begin, size_t end) {
  const int64_t in_blocks = c->in.channels / RT_BLOCK, blocks = c->out.channels / RT_BLOCK;
  const int64_t positions = (m + 2) * (m + 2);
  place in_places[2][most_groups * RT_ROWS], out_places[most_groups * RT_ROWS];
  for (int64_t worker = (int64_t)begin; worker < (int64_t)end; worker++) {
    rt_products products = c->products;
    float* tiles = c->in.transformed + worker * c->worker_stride;
    float* out = c->out.transformed + worker * c->worker_stride;
    const int64_t first = c->groups * worker / c->workers;
    const int64_t last = c->groups * (worker + 1) / c->workers;
    for (int64_t group = first; group < last; group += c->chunk) {
      const place* here = in_places[(group - first) / c->chunk % 2];
      place* next = in_places[((group - first) / c->chunk + 1) % 2];
      int64_t left = last - group, after = left - c->chunk;
      products.groups = left < c->chunk ? left : c->chunk;
      after = after < 0 ? 0 : after < c->chunk ? after : c->chunk;
      if (group == first) {
        RT_NAME(find_tiles)(m, m + 2, &c->in, group, products.groups, in_places[0]);
      }
      RT_NAME(find_tiles)(m, m + 2, &c->in, group + c->chunk, after, next);
      RT_NAME(find_tiles)(m, 0, &c->out, group, products.groups, out_places);
      RT_NAME(transform_in)(m, false, &c->in, here, products.groups, tiles);
      for (int64_t block = 0; block < blocks; block += 2) {
        const int width = block + 1 < blocks ? 2 : 1;
        const float* panel = products.filters + block * RT_BLOCK * products.inputs;
        for (int64_t position = 0; position < positions; position++) {
          RT_NAME(panel_products)
          (width, &products, tiles + position * products.tiles_stride,
           panel + position * products.filters_stride, out + position * products.out_stride);
          for (int64_t tile = position; tile < products.groups * RT_ROWS; tile += positions) {
            RT_NAME(fetch)(m, true, &c->out, out_places + tile, block, width);
          }
          if (block + width > in_blocks) continue;
          for (int64_t tile = position; tile < after * RT_ROWS; tile += positions) {
            RT_NAME(fetch)(m, false, &c->in, next + tile, block, width);
          }
        }
        RT_NAME(transform_out)(m, &c->out, out_places, products.groups, block, width, out);
      }
    }
  }
}

/// Adds to four rows of filter gradients, of `blocks` column blocks, the tiles' contributions.
RT_INLINE void RT_NAME(gradient_step)(int blocks, const rt_products* p, const float* tiles,
                                      const float* gradients, float* out) {
  vec sum[4][3];
  RT_UNROLL for (int r = 0; r < 4; r++) {
    RT_UNROLL for (int c = 0; c < blocks; c++) {
      sum[r][c] = p->is_first ? (vec)0.0f : load(out + r * p->outputs + c * RT_BLOCK);
    }
  }
  for (int64_t group = 0; group < p->groups; group++) {
    RT_UNROLL for (int t = 0; t < RT_ROWS; t++) {
      vec gradient[3];
      RT_UNROLL for (int c = 0; c < blocks; c++) {
        gradient[c] = load(gradients + c * p->block_stride + t * RT_BLOCK);
        hold(gradient[c]);
      }
      RT_UNROLL for (int r = 0; r < 4; r++) {
        vec tile = spread_float(tiles + t * RT_BLOCK + r);
        RT_UNROLL for (int c = 0; c < blocks; c++) multiply_add(sum[r][c], tile, gradient[c]);
      }
    }
    tiles += RT_ROWS * RT_BLOCK;
    gradients += RT_ROWS * RT_BLOCK;
  }
  RT_UNROLL for (int r = 0; r < 4; r++) {
    RT_UNROLL for (int c = 0; c < blocks; c++) {
      store(out + r * p->outputs + c * RT_BLOCK, sum[r][c]);
    }
  }
}

/// Sums of tiles times gradients; the work items are input blocks of positions.
static void RT_NAME(gradient_products)(const void* operands, size_t begin, size_t end) {
  const rt_products* p = operands;
  const int64_t in_blocks = p->inputs / RT_BLOCK, out_blocks = p->outputs / RT_BLOCK;
  for (size_t item = begin; item < end; item++) {
    int64_t position = (int64_t)item / in_blocks, block = (int64_t)item % in_blocks;
    const float* tiles = p->tiles + position * p->tiles_stride + block * p->block_stride;
    const float* gradients = p->filters + position * p->filters_stride;
    float* out = p->out + position * p->out_stride + block * RT_BLOCK * p->outputs;
    for (int64_t column = 0; column < out_blocks;) {
      int64_t left = out_blocks - column, width = left == 4 ? 2 : left < 3 ? left : 3;
      const float* in = gradients + column * p->block_stride;
      for (int row = 0; row < RT_BLOCK; row += 4) {
        float* rows = out + row * p->outputs + column * RT_BLOCK;
        if (width == 3) {
          RT_NAME(gradient_step)(3, p, tiles + row, in, rows);
        } else if (width == 2) {
          RT_NAME(gradient_step)(2, p, tiles + row, in, rows);
        } else {
          RT_NAME(gradient_step)(1, p, tiles + row, in, rows);
        }
      }
      column += width;
    }
  }
}

/// Sums of gradients over batch and area; the work items are blocks of channels.
static void RT_NAME(bias_gradients)(const void* data, size_t begin, size_t end) {
  const rt_bias_gradients* b = data;
  const int64_t blocks = b->channels / RT_BLOCK;
  for (size_t block = begin; block < end; block++) {
    double sums[RT_BLOCK] = {0};
    for (int64_t image = 0; image < b->batch; image++) {
      const element* map =
          (const element*)b->gradient + (image * blocks + (int64_t)block) * b->area * RT_BLOCK;
      for (int64_t i = 0; i < b->area; i++) {
        vec gradient = load_elements(map + i * RT_BLOCK);
        RT_UNROLL for (int lane = 0; lane < RT_BLOCK; lane++) sums[lane] += gradient[lane];
      }
    }
    for (int lane = 0; lane < RT_BLOCK; lane++) {
      b->bias_gradient[(int64_t)block * RT_BLOCK + lane] = (float)sums[lane];
    }
  }
}

// MARK: Instances of each tile size

static void RT_NAME(image_in)(const void* operands, size_t begin, size_t end) {
  const rt_tiling* o = operands;
  if (o->m == 4) {
    RT_NAME(share_in)(4, false, o, begin, end);
  } else if (o->m == 3) {
    RT_NAME(share_in)(3, false, o, begin, end);
  } else {
    RT_NAME(share_in)(2, false, o, begin, end);
  }
}

static void RT_NAME(gradient_in)(const void* operands, size_t begin, size_t end) {
  const rt_tiling* o = operands;
  if (o->m == 4) {
    RT_NAME(share_in)(4, true, o, begin, end);
  } else if (o->m == 3) {
    RT_NAME(share_in)(3, true, o, begin, end);
  } else {
    RT_NAME(share_in)(2, true, o, begin, end);
  }
}

static void RT_NAME(map_out)(const void* operands, size_t begin, size_t end) {
  const rt_tiling* o = operands;
  if (o->m == 4) {
    RT_NAME(share_out)(4, o, begin, end);
  } else if (o->m == 3) {
    RT_NAME(share_out)(3, o, begin, end);
  } else {
    RT_NAME(share_out)(2, o, begin, end);
  }
}

static void RT_NAME(filters)(const void* operands, size_t begin, size_t end) {
  const rt_filters* o = operands;
  if (o->m == 4) {
    RT_NAME(transform_filters)(4, o, begin, end);
  } else if (o->m == 3) {
    RT_NAME(transform_filters)(3, o, begin, end);
  } else {
    RT_NAME(transform_filters)(2, o, begin, end);
  }
}

static void RT_NAME(filters_back)(const void* operands, size_t begin, size_t end) {
  const rt_filters* o = operands;
  if (o->m == 4) {
    RT_NAME(transform_filters_back)(4, o, begin, end);
  } else if (o->m == 3) {
    RT_NAME(transform_filters_back)(3, o, begin, end);
  } else {
    RT_NAME(transform_filters_back)(2, o, begin, end);
  }
}

static void RT_NAME(filter_gradients)(const void* operands, size_t begin, size_t end) {
  const rt_filters* o = operands;
  if (o->m == 4) {
    RT_NAME(transform_filter_gradients)(4, o, begin, end);
  } else if (o->m == 3) {
    RT_NAME(transform_filter_gradients)(3, o, begin, end);
  } else {
    RT_NAME(transform_filter_gradients)(2, o, begin, end);
  }
}

static void RT_NAME(chunks)(const void* operands, size_t begin, size_t end) {
  const rt_chunks* o = operands;
  if (o->in.m == 4) {
    RT_NAME(convolve)(4, o, begin, end);
  } else if (o->in.m == 3) {
    RT_NAME(convolve)(3, o, begin, end);
  } else {
    RT_NAME(convolve)(2, o, begin, end);
  }
}

static const kernels_of_width RT_NAME(kernels) = {
    .block = RT_BLOCK,
    .rows = RT_ROWS,
    .image_in = RT_NAME(image_in),
    .gradient_in = RT_NAME(gradient_in),
    .map_out = RT_NAME(map_out),
    .filters = RT_NAME(filters),
    .filters_back = RT_NAME(filters_back),
    .filter_gradients = RT_NAME(filter_gradients),
    .products = RT_NAME(products),
    .chunks = RT_NAME(chunks),
    .gradient_products = RT_NAME(gradient_products),
    .bias_gradients = RT_NAME(bias_gradients),
};

#undef place
#undef RT_ROWS
#include "vectors_end.h"
