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
  const float *mean, *affine, *residual_affine, *factors;
  double* partials;
  void* out;
  bool relu;
} operands;

typedef struct {
  rt_range_body statistics, apply, reduce, spread;
} kernels_of_width;

static int64_t block_count(const rt_norm* n) { return (n->channels + n->block - 1) / n->block; }

/// Shares of the images that are summed apart: enough to keep some threads busy.
static int64_t share_count(const rt_norm* n) {
  int64_t blocks = block_count(n), shares = (32 + blocks - 1) / blocks;
  return shares < n->batch ? shares : n->batch;
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

void rt_norm_statistics(const rt_norm* n, const void* x, float* mean, float* variance,
                        void* scratch) {
  double* partials = scratch;
  operands o = {.norm = n, .x = x, .partials = partials};
  rt_team_run(kernels(n)->statistics, &o, share_items(n), 1);
  const int64_t shares = share_count(n);
  for (int64_t channel = 0; channel < block_count(n) * n->block; channel++) {
    int64_t block = channel / n->block, lane = channel % n->block;
    double joined_mean = 0, squares = 0, count = 0;
    for (int64_t share = 0; share < shares; share++) {
      const double* partial = partials + (block * shares + share) * 2 * n->block;
      int64_t images = n->batch * (share + 1) / shares - n->batch * share / shares;
      double size = (double)(images * n->area), total = count + size;
      double difference = partial[lane] - joined_mean;
      joined_mean += difference * (size / total);
      squares += partial[n->block + lane] + difference * difference * (count * size / total);
      count = total;
    }
    mean[channel] = (float)joined_mean;
    variance[channel] = (float)(squares / count);
  }
}

void rt_norm_affine(const rt_norm* n, const float* mean, const float* variance, const float* scale,
                    const float* shift, float* affine) {
  const int64_t channels = block_count(n) * n->block;
  for (int64_t c = 0; c < channels; c++) {
    double slope = scale[c] / sqrt((double)variance[c] + (double)n->epsilon);
    affine[c] = (float)slope;
    affine[channels + c] = (float)(shift[c] - slope * mean[c]);
  }
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
  const int64_t channels = block_count(n) * n->block, shares = share_count(n);
  float* factors = (float*)(partials + share_items(n) * 2 * (size_t)n->block);
  operands o = {.norm = n,
                .x = x,
                .gradient = gradient,
                .mean = mean,
                .affine = affine,
                .factors = factors,
                .partials = partials,
                .relu = affine != NULL,
                .out = x_gradient};
  rt_team_run(kernels(n)->reduce, &o, share_items(n), 1);
  const double count = (double)(n->batch * n->area);
  for (int64_t c = 0; c < channels; c++) {
    int64_t block = c / n->block, lane = c % n->block;
    double sum = 0, product = 0;
    for (int64_t share = 0; share < shares; share++) {
      const double* partial = partials + (block * shares + share) * 2 * n->block;
      sum += partial[lane];
      product += partial[n->block + lane];
    }
    double inverse = 1 / sqrt((double)variance[c] + (double)n->epsilon);
    double gradient_mean = sum / count;
    factors[c] = (float)(scale[c] * inverse);
    factors[channels + c] = (float)(inverse * inverse * product / count);
    factors[2 * channels + c] = (float)gradient_mean;
    factors[3 * channels + c] = (float)(gradient_mean - (float)gradient_mean);
    scale_gradient[c] = c < n->channels ? (float)(product * inverse) : 0;
    shift_gradient[c] = c < n->channels ? (float)sum : 0;
  }
  rt_team_run(kernels(n)->spread, &o, map_items(n), 1);
}
