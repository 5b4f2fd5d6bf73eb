/// Batch norm of blocked activations (Ioffe and Szegedy 2015, arXiv:1502.03167), with the sum and
/// the ReLU that follow it in a residual block in the same pass over memory.
///
/// Every sum is taken over shares of the images that depend on the shape alone, so that results are
/// the same for any number of threads.
#include <math.h>

#include "COneDNN.h"
#include "team.h"
#include "width.h"

/// Pixels of a channel block that stay in the first cache while they are summed.
enum { run_pixels = 256 };

typedef struct {
  const rt_norm* norm;
  const void *x, *gradient, *residual;
  const float *mean, *variance, *scale, *affine, *residual_affine;
  double* partials;
  float *factors, *scale_gradient, *shift_gradient;
  /// Of the batch: what the forward pass finds, and then reads as `affine`.
  const float* shift;
  float *batch_mean, *batch_variance, *batch_affine;
  void* out;
  bool relu;
} operands;

typedef struct {
  rt_range_body statistics, apply, forward, reduce, spread, backward;
} kernels_of_width;

static int64_t block_count(const rt_norm* n) { return (n->channels + n->block - 1) / n->block; }

/// Shares of the images that are summed apart: enough to keep some threads busy.
static int64_t share_count(const rt_norm* n) {
  int64_t blocks = block_count(n), shares = (32 + blocks - 1) / blocks;
  return shares < n->batch ? shares : n->batch;
}

/// Mean and variance of a channel block, from those of all shares.
static void join_shares(const operands* o, int64_t block) {
  const rt_norm* n = o->norm;
  const int64_t shares = share_count(n);
  for (int64_t lane = 0; lane < n->block; lane++) {
    double joined_mean = 0, squares = 0, count = 0;
    for (int64_t share = 0; share < shares; share++) {
      const double* partial = o->partials + (block * shares + share) * 2 * n->block;
      int64_t images = n->batch * (share + 1) / shares - n->batch * share / shares;
      double size = (double)(images * n->area), total = count + size;
      double difference = partial[lane] - joined_mean;
      joined_mean += difference * (size / total);
      squares += partial[n->block + lane] + difference * difference * (count * size / total);
      count = total;
    }
    o->batch_mean[block * n->block + lane] = (float)joined_mean;
    o->batch_variance[block * n->block + lane] = (float)(squares / count);
  }
}

static void find_affine(const rt_norm* n, const float* mean, const float* variance,
                        const float* scale, const float* shift, float* affine, int64_t begin,
                        int64_t end) {
  const int64_t channels = block_count(n) * n->block;
  for (int64_t c = begin; c < end; c++) {
    double slope = scale[c] / sqrt((double)variance[c] + (double)n->epsilon);
    affine[c] = (float)slope;
    affine[channels + c] = (float)(shift[c] - slope * mean[c]);
  }
}

/// The gradients of a channel block's scales and shifts, and what its maps are spread by, from the
/// sums of all shares.
static void find_factors(const operands* o, int64_t block) {
  const rt_norm* n = o->norm;
  const int64_t channels = block_count(n) * n->block, shares = share_count(n);
  const double count = (double)(n->batch * n->area);
  for (int64_t lane = 0; lane < n->block; lane++) {
    int64_t c = block * n->block + lane;
    double sum = 0, product = 0;
    for (int64_t share = 0; share < shares; share++) {
      const double* partial = o->partials + (block * shares + share) * 2 * n->block;
      sum += partial[lane];
      product += partial[n->block + lane];
    }
    double inverse = 1 / sqrt((double)o->variance[c] + (double)n->epsilon);
    double gradient_mean = sum / count;
    o->factors[c] = (float)(o->scale[c] * inverse);
    o->factors[channels + c] = (float)(inverse * inverse * product / count);
    o->factors[2 * channels + c] = (float)gradient_mean;
    o->factors[3 * channels + c] = (float)(gradient_mean - (float)gradient_mean);
    o->scale_gradient[c] = c < n->channels ? (float)(product * inverse) : 0;
    o->shift_gradient[c] = c < n->channels ? (float)sum : 0;
  }
}

#define RT_KERNELS "norm_kernels.h"
#include "instances.h"

static const kernels_of_width* kernels(const rt_norm* n) {
  static const kernels_of_width* const instances[RT_WIDTHS][RT_ELEMENTS] = RT_INSTANCES;
  return instances[rt_width_for(n->block)][n->element];
}

static size_t share_items(const rt_norm* n) { return (size_t)(block_count(n) * share_count(n)); }
static size_t map_items(const rt_norm* n) { return (size_t)(block_count(n) * n->batch); }

size_t rt_norm_scratch(const rt_norm* n) {
  size_t lanes = (size_t)(block_count(n) * n->block);
  return share_items(n) * 2 * (size_t)n->block * sizeof(double) + 4 * lanes * sizeof(float);
}

/// Whether there is work for all threads where each takes whole blocks of channels.
static bool shares_blocks(const rt_norm* n) {
  const int64_t blocks = block_count(n), threads = rt_threads();
  return blocks % threads == 0 || blocks >= 4 * threads;
}

void rt_norm_statistics(const rt_norm* n, const void* x, float* mean, float* variance,
                        void* scratch) {
  operands o = {
      .norm = n, .x = x, .partials = scratch, .batch_mean = mean, .batch_variance = variance};
  rt_team_run(kernels(n)->statistics, &o, share_items(n), 1);
  for (int64_t block = 0; block < block_count(n); block++) join_shares(&o, block);
}

void rt_norm_affine(const rt_norm* n, const float* mean, const float* variance, const float* scale,
                    const float* shift, float* affine) {
  find_affine(n, mean, variance, scale, shift, affine, 0, block_count(n) * n->block);
}

void rt_norm_forward(const rt_norm* n, const void* x, const float* scale, const float* shift,
                     bool relu, float* mean, float* variance, float* affine, void* out,
                     void* scratch) {
  if (!shares_blocks(n)) {
    rt_norm_statistics(n, x, mean, variance, scratch);
    rt_norm_affine(n, mean, variance, scale, shift, affine);
    rt_norm_apply(n, x, affine, NULL, NULL, relu, out);
    return;
  }
  operands o = {.norm = n,
                .x = x,
                .scale = scale,
                .shift = shift,
                .affine = affine,
                .partials = scratch,
                .batch_mean = mean,
                .batch_variance = variance,
                .batch_affine = affine,
                .relu = relu,
                .out = out};
  // A block's maps are still in the last level of cache when they are read again.
  rt_team_run(kernels(n)->forward, &o, (size_t)block_count(n), 1);
}

void rt_norm_apply(const rt_norm* n, const void* x, const float* affine, const void* residual,
                   const float* residual_affine, bool relu, void* out) {
  operands o = {.norm = n,
                .x = x,
                .affine = affine,
                .residual = residual,
                .residual_affine = residual_affine,
                .relu = relu,
                .out = out};
  rt_team_run(kernels(n)->apply, &o, map_items(n), 1);
}

void rt_norm_backward(const rt_norm* n, const void* gradient, const void* x, const float* mean,
                      const float* variance, const float* scale, const float* affine,
                      float* scale_gradient, float* shift_gradient, void* x_gradient,
                      void* scratch) {
  double* partials = scratch;
  operands o = {.norm = n,
                .x = x,
                .gradient = gradient,
                .mean = mean,
                .variance = variance,
                .scale = scale,
                .affine = affine,
                .partials = partials,
                .factors = (float*)(partials + share_items(n) * 2 * (size_t)n->block),
                .scale_gradient = scale_gradient,
                .shift_gradient = shift_gradient,
                .relu = affine != NULL,
                .out = x_gradient};
  const kernels_of_width* k = kernels(n);
  const int64_t blocks = block_count(n);
  if (shares_blocks(n)) {
    // As in the forward pass.
    rt_team_run(k->backward, &o, (size_t)blocks, 1);
    return;
  }
  rt_team_run(k->reduce, &o, share_items(n), 1);
  for (int64_t block = 0; block < blocks; block++) find_factors(&o, block);
  rt_team_run(k->spread, &o, map_items(n), 1);
}
