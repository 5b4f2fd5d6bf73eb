/// The weights' gradient of a convolution by its definition, on blocked activations.
///
/// A vector holds output channels, an input channel of a pixel is spread over it, and the sums of
/// several of either stay in registers over a whole run of pixels.
#include "COneDNN.h"
#include "team.h"
#include "width.h"

/// Input blocks whose pixels stay in cache while they meet all outputs.
enum { input_blocks_at_once = 8 };
/// Output blocks, and input channels of a block, whose sums are in registers.
enum { blocks_at_once = 3, inputs_at_once = 4 };

typedef struct {
  const rt_direct* direct;
  const void *source, *gradient;
  float* weights_gradient;
} operands;

/// Output pixels that are summed at once, about: as many as the first level of cache holds. Where
/// they follow each other in memory, more: they are fetched ahead of their use then, from the
/// second level.
static int64_t chunk_pixels(const rt_convolution* c) {
  int64_t area = c->output_height * c->output_width;
  return c->kernel == 1 && c->stride == 1 && area >= 196 ? 784 : 98;
}

/// Output pixels of some images, and the input pixels that a tap meets there: the same steps lead
/// from one to the next. Steps are in pixels.
typedef struct {
  int64_t images, rows, columns;
  int64_t source, source_row, source_column;
  int64_t gradient, gradient_row;
} run;

/// The outputs from `begin` to below `end` along one axis whose tap at `tap` meets the input.
typedef struct {
  int64_t begin, end;
} span;

static span met_by(int64_t tap, int64_t padding, int64_t stride, int64_t inputs, span outputs) {
  int64_t before = padding - tap, last = inputs - 1 + before;
  int64_t begin = before > 0 ? (before + stride - 1) / stride : 0;
  int64_t end = last < 0 ? 0 : last / stride + 1;
  return (span){begin > outputs.begin ? begin : outputs.begin,
                end < outputs.end ? end : outputs.end};
}

/// The run of a tap in the output rows `rows` of `images` images.
static run run_of(const rt_convolution* c, int64_t tap, int64_t images, span rows) {
  int64_t tap_y = tap / c->kernel, tap_x = tap % c->kernel;
  span y = met_by(tap_y, c->padding.top, c->stride, c->input_height, rows);
  span x = met_by(tap_x, c->padding.left, c->stride, c->input_width, (span){0, c->output_width});
  int64_t input_y = y.begin * c->stride + tap_y - c->padding.top;
  int64_t input_x = x.begin * c->stride + tap_x - c->padding.left;
  run r = {.images = images,
           .rows = y.end - y.begin,
           .columns = x.end - x.begin,
           .source = input_y * c->input_width + input_x,
           .source_row = c->stride * c->input_width,
           .source_column = c->stride,
           .gradient = y.begin * c->output_width + x.begin,
           .gradient_row = c->output_width};
  if (r.rows <= 0 || r.columns <= 0) return (run){.images = 0};
  if (r.source_column == 1 && r.source_row == r.columns && r.gradient_row == r.columns) {
    r.columns *= r.rows;
    r.rows = 1;
  }
  return r;
}

/// How a tensor of output×input blocks is gone through: input blocks in panels, in each the output
/// blocks in columns of `blocks_at_once`, in each the input blocks one by one.
typedef struct {
  int64_t inputs, outputs, columns;
} grid;

typedef struct {
  int64_t input, output;
  /// Output blocks.
  int width;
} cell;

static grid grid_of(const rt_direct* d) {
  int64_t outputs = d->shape.output_channels / d->block;
  return (grid){.inputs = d->shape.input_channels / d->block,
                .outputs = outputs,
                .columns = (outputs + blocks_at_once - 1) / blocks_at_once};
}

static cell cell_at(const grid* g, size_t item) {
  int64_t panel = (int64_t)item / (input_blocks_at_once * g->columns) * input_blocks_at_once;
  int64_t blocks = g->inputs - panel;
  if (blocks > input_blocks_at_once) blocks = input_blocks_at_once;
  int64_t rest = (int64_t)item - panel * g->columns, column = rest / blocks;
  // Columns of equal widths, as far as can be: one block alone would wait for its own sums.
  int64_t begin = g->outputs * column / g->columns, end = g->outputs * (column + 1) / g->columns;
  return (cell){.input = panel + rest % blocks, .output = begin, .width = (int)(end - begin)};
}

typedef struct {
  rt_range_body gradients;
} kernels_of_width;

#define RT_KERNELS "direct_gradient_kernels.h"
#include "instances.h"

static const kernels_of_width* kernels(const rt_direct* d) {
  static const kernels_of_width* const instances[RT_WIDTHS][RT_ELEMENTS] = RT_INSTANCES;
  return instances[rt_width_for(d->block)][d->element];
}

bool rt_direct_supports(const rt_direct* d) {
  const rt_convolution* c = &d->shape;
  return (d->block == 8 || d->block == 16) && c->groups == 1 && !c->bias &&
         c->input_channels % d->block == 0 && c->output_channels % d->block == 0 &&
         c->padding.top >= 0 && c->padding.left >= 0;
}

void rt_direct_backward_weights(const rt_direct* d, const void* source, const void* gradient,
                                float* weights_gradient) {
  const grid g = grid_of(d);
  operands o = {d, source, gradient, weights_gradient};
  rt_team_run(kernels(d)->gradients, &o, (size_t)(g.inputs * g.columns), 1);
}
