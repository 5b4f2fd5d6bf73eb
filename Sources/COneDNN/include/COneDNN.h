/// A narrow C API over oneDNN 2.6+ and 3.x: the only place that knows their descriptor calls, which
/// differ between the two, and the project's own kernels on the same thread team.
///
/// Every function that can fail returns a status, 0 for success; `rt_status_text` says the others.
/// Dimensions are logical: N×C×H×W for activations, O×I×kH×kW (with groups G×O/G×I/G×kH×kW) for
/// weights.
#ifndef RESNET_TUI_CONEDNN_H
#define RESNET_TUI_CONEDNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int rt_status;
const char* rt_status_text(rt_status status);

// MARK: Library

typedef struct {
  int major, minor, patch;
} rt_version;
/// The version of the library that is loaded, not of the header.
rt_version rt_library_version(void);
/// The instruction set that the library's kernels use here, such as "AVX2".
const char* rt_instruction_set(void);
/// Whether its kernels multiply bfloat16 faster than float32 here: with AMX. AVX-512's instruction for
/// it (VDPBF16PS) takes four times as long as a float32 one on the Xeon where both were measured, for
/// twice the products; with less than AVX-512 the library has none for bfloat16.
bool rt_has_fast_bfloat16(void);
/// Sizes the thread team for the calling thread; primitives and kernels both run on it.
void rt_set_threads(int threads);
/// Threads of the team.
int rt_threads(void);

// MARK: Context

/// A CPU engine and its in-order stream. Used from one thread.
typedef struct rt_context rt_context;
rt_status rt_context_create(rt_context** context);
void rt_context_destroy(rt_context* context);

// MARK: Layouts

/// How a number lies in memory.
typedef enum {
  RT_FLOAT32,
  /// The upper half of a float32.
  RT_BFLOAT16,
  RT_ELEMENTS,
} rt_element;

/// An immutable memory descriptor: logical dimensions and how they lie in memory.
typedef struct rt_layout rt_layout;
/// Row-major with `rank` dimensions (1 to 5).
rt_status rt_layout_create(const int64_t* dimensions, int rank, rt_element element,
                           rt_layout** layout);
/// The part of `layout` of `dimensions` elements from `offsets` on, in the same memory.
rt_status rt_layout_crop(const rt_layout* layout, const int64_t* dimensions, const int64_t* offsets,
                         rt_layout** crop);
/// `layout`, of four dimensions, with the first two exchanged, of the same memory.
rt_status rt_layout_transpose(const rt_layout* layout, rt_layout** transposed);

/// How many channels oneDNN's blocked layouts keep together on this CPU: 16 with AVX-512, else 8.
int64_t rt_channel_block(void);
/// nChw{block}c of `dimensions` N×C×H×W.
rt_status rt_layout_blocked_activations(const int64_t* dimensions, int64_t block,
                                        rt_element element, rt_layout** layout);
/// OIhw{block}i{block}o float32 of `dimensions` O×I×kH×kW.
rt_status rt_layout_blocked_weights(const int64_t* dimensions, int64_t block, rt_layout** layout);

/// The layout of `dimensions` (N×C×H×W) in which `count` tensors, joined along their channels, can
/// lie with the least rearrangement.
rt_status rt_layout_concatenated(rt_context* context, const rt_layout* const* layouts, int count,
                                 const int64_t* dimensions, rt_layout** concatenated);

void rt_layout_destroy(rt_layout* layout);
bool rt_layout_equal(const rt_layout* a, const rt_layout* b);
rt_element rt_layout_element(const rt_layout* layout);
/// Bytes with padding.
size_t rt_layout_size(const rt_layout* layout);

// MARK: Primitives

/// What a primitive's argument is.
typedef enum {
  RT_SOURCE,
  RT_WEIGHTS,
  RT_BIAS,
  RT_DESTINATION,
  RT_SOURCE_GRADIENT,
  RT_WEIGHTS_GRADIENT,
  RT_BIAS_GRADIENT,
  RT_DESTINATION_GRADIENT,
  RT_SCRATCHPAD,
  RT_ROLES
} rt_role;

typedef enum {
  RT_FORWARD_TRAINING,
  RT_FORWARD_INFERENCE,
  RT_BACKWARD_DATA,
  RT_BACKWARD_WEIGHTS,
  /// Pooling's only one.
  RT_BACKWARD,
} rt_pass;

/// A compiled primitive with the memory of each of its arguments. Buffers are bound once; running
/// allocates nothing.
typedef struct rt_primitive rt_primitive;
void rt_primitive_destroy(rt_primitive* primitive);
/// The layout that the primitive wants for an argument; null where it has no such argument. The
/// caller destroys it.
rt_layout* rt_primitive_layout(const rt_primitive* primitive, rt_role role);
/// The implementation's name, such as "jit:avx2".
const char* rt_primitive_implementation(const rt_primitive* primitive);
rt_status rt_primitive_bind(rt_primitive* primitive, rt_role role, void* data);
rt_status rt_primitive_run(rt_primitive* primitive);

/// Rows above and below a map, columns left and right of it.
typedef struct {
  int64_t top, left, bottom, right;
} rt_padding;

typedef struct {
  int64_t batch, groups;
  int64_t input_channels, input_height, input_width;
  int64_t output_channels, output_height, output_width;
  int64_t kernel, stride;
  rt_padding padding;
  bool bias;
} rt_convolution;
/// Layouts are the primitive's own choice. Activations and weights are of `element`; biases and
/// gradients of parameters are float32. The backward passes need the forward primitive as hint.
rt_status rt_convolution_create(rt_context* context, const rt_convolution* shape,
                                rt_element element, rt_pass pass, const rt_primitive* hint,
                                rt_primitive** primitive);

typedef struct {
  int64_t batch, channels, height, width;
} rt_average_pool;
/// The mean of each map, on a source of `layout`.
rt_status rt_average_pool_create(rt_context* context, const rt_average_pool* shape,
                                 const rt_layout* layout, rt_pass pass, const rt_primitive* hint,
                                 rt_primitive** primitive);

typedef struct {
  int64_t batch, input_channels, input_height, input_width, outputs;
} rt_linear;
/// Weights are outputs×C×H×W; the destination is row-major N×outputs; always with a bias.
rt_status rt_linear_create(rt_context* context, const rt_linear* shape, rt_pass pass,
                           const rt_primitive* hint, rt_primitive** primitive);

/// Copies RT_SOURCE in layout `from` to RT_DESTINATION in layout `to`.
rt_status rt_reorder_create(rt_context* context, const rt_layout* from, const rt_layout* to,
                            rt_primitive** primitive);

// MARK: The project's own kernels, by layout
// Activations and their gradients are of the `element` in a shape; they are computed on in float32.

/// The instructions that they use for layouts of `block` channels: "avx512", "avx2" or "any".
const char* rt_kernel_instructions(int64_t block);

// MARK: Winograd convolutions

/// A 3×3 convolution of stride 1 by Winograd's minimal filtering, in tiles of `tile`×`tile`
/// outputs.
///
/// Activations are nChw{block}c, weights OIhw{block}i{block}o, and biases vectors; channels are
/// multiples of `block`. Weights are rounded to `element` as they are read. Every result is the
/// same for any number of threads.
typedef struct {
  rt_convolution shape;
  /// Outputs a side of a tile: 2 to 4.
  int64_t tile;
  /// Channels in a block: 8 or 16.
  int64_t block;
  rt_element element;
  /// Threads that work on parts of their own, about the team's size; the scratch memory grows with
  /// them, the result does not depend on them.
  int64_t workers;
} rt_winograd;
bool rt_winograd_supports(const rt_winograd* winograd);
/// Bytes of scratch memory that a pass needs.
size_t rt_winograd_scratch(const rt_winograd* winograd, rt_pass pass);
/// `bias` may be null.
void rt_winograd_forward(const rt_winograd* winograd, const void* source, const float* weights,
                         const float* bias, void* destination, float* scratch);
void rt_winograd_backward_data(const rt_winograd* winograd, const void* gradient,
                               const float* weights, void* source_gradient, float* scratch);
/// `bias_gradient` may be null.
void rt_winograd_backward_weights(const rt_winograd* winograd, const void* source,
                                  const void* gradient, float* weights_gradient,
                                  float* bias_gradient, float* scratch);

// MARK: Convolutions by their definition

/// A convolution of nChw{block}c activations without groups and bias; channels are multiples of
/// `block`.
typedef struct {
  rt_convolution shape;
  /// Channels in a block: 8 or 16.
  int64_t block;
  rt_element element;
} rt_direct;
bool rt_direct_supports(const rt_direct* direct);
/// `weights_gradient` is OIhw{block}i{block}o. The result is the same for any number of threads.
void rt_direct_backward_weights(const rt_direct* direct, const void* source, const void* gradient,
                                float* weights_gradient);

// MARK: Convolutions of images

/// A convolution whose input is a batch of images with few channels, row-major float32 N×C×H×W; its
/// output is nChw{block}c, and it has no bias.
typedef struct {
  rt_convolution shape;
  /// Channels in a block of the output: 8 or 16.
  int64_t block;
  rt_element element;
} rt_stem;
bool rt_stem_supports(const rt_stem* stem);
/// Bytes of scratch memory.
size_t rt_stem_scratch(const rt_stem* stem);
/// `weights_gradient` is row-major O×I×kH×kW. The result is the same for any number of threads.
void rt_stem_backward_weights(const rt_stem* stem, const float* source, const void* gradient,
                              float* weights_gradient, float* scratch);

// MARK: Batch norm

/// Of activations N×C×(area) in nChw{block}c, whose channels are padded with zeros to whole blocks.
/// So are all vectors of one float a channel, and zeros are what comes out there.
typedef struct {
  int64_t batch, channels, area;
  /// Channels in a block: 8 or 16.
  int64_t block;
  float epsilon;
  rt_element element;
} rt_norm;
/// Bytes of scratch memory that `rt_norm_statistics`, `rt_norm_forward` and `rt_norm_backward`
/// need.
size_t rt_norm_scratch(const rt_norm* norm);
/// Mean and biased variance over batch and area.
void rt_norm_statistics(const rt_norm* norm, const void* x, float* mean, float* variance,
                        void* scratch);
/// The norm as slopes and offsets of each channel: `affine` has one vector of either.
void rt_norm_affine(const rt_norm* norm, const float* mean, const float* variance,
                    const float* scale, const float* shift, float* affine);
/// out = affine(x) + residual_affine(residual), and a ReLU on that if asked. Without its affine the
/// residual is added as it is, and without a residual nothing is. `out` may be `x` or `residual`.
void rt_norm_apply(const rt_norm* norm, const void* x, const float* affine, const void* residual,
                   const float* residual_affine, bool relu, void* out);
/// All of these: mean and variance of x, the norm by them, and a ReLU on it if asked. `out` may be
/// `x`.
void rt_norm_forward(const rt_norm* norm, const void* x, const float* scale, const float* shift,
                     bool relu, float* mean, float* variance, float* affine, void* out,
                     void* scratch);
/// Gradients of x, scale and shift, of a norm that took its statistics from x. With `affine` there
/// was a ReLU right behind the norm. `x_gradient` may be `gradient`.
void rt_norm_backward(const rt_norm* norm, const void* gradient, const void* x, const float* mean,
                      const float* variance, const float* scale, const float* affine,
                      float* scale_gradient, float* shift_gradient, void* x_gradient,
                      void* scratch);

// MARK: Max pooling

/// Of activations in nChw{block}c, whose channels are padded with zeros to whole blocks.
typedef struct {
  int64_t batch, channels;
  int64_t input_height, input_width, output_height, output_width;
  /// At most 15.
  int64_t kernel;
  int64_t stride;
  /// Padding above and left of the maps.
  int64_t top, left;
  /// Channels in a block: 8 or 16.
  int64_t block;
  rt_element element;
} rt_max_pool;
/// `affine`, of `rt_norm_affine`, and a ReLU come first if it is given. `taps`, if given, becomes
/// the place in its window of each output's value, one byte an element.
void rt_max_pool_forward(const rt_max_pool* pool, const void* in, const float* affine, void* out,
                         uint8_t* taps);
/// The gradient of what was pooled: behind the ReLU if there was one.
void rt_max_pool_backward(const rt_max_pool* pool, const void* gradient, const uint8_t* taps,
                          void* in_gradient);

// MARK: Kernels
// Element by element over `count` numbers, split over the thread team. An output may be an input.

/// out = a + b
void rt_add(rt_element element, const void* a, const void* b, void* out, size_t count);
/// out = max(a + b, 0)
void rt_add_relu(rt_element element, const void* a, const void* b, void* out, size_t count);
/// out = max(a, 0)
void rt_relu(rt_element element, const void* a, void* out, size_t count);
/// out = gradient + second where activation > 0, else 0; `second` may be null
void rt_relu_gradient(rt_element element, const void* activation, const void* gradient,
                      const void* second, void* out, size_t count);

/// Each number as the nearest bfloat16, ties to even; a NaN stays one. `out` is no input.
void rt_narrow(const float* in, uint16_t* out, size_t count);
/// `out` is no input.
void rt_widen(const uint16_t* in, float* out, size_t count);
/// out = the nearest bfloat16, as float32
void rt_round(const float* in, float* out, size_t count);

typedef struct {
  int64_t batch;
  int64_t input_channels, input_height, input_width;
  int64_t output_channels, output_height, output_width;
  /// Every how many-th row and column is kept.
  int64_t stride;
  /// Channels of zeros in front.
  int64_t before;
} rt_identity_pad;
/// Both tensors are row-major N×C×H×W.
void rt_identity_pad_forward(const float* in, float* out, const rt_identity_pad* shape);
/// The gradient of the input from that of the output.
void rt_identity_pad_backward(const float* out_gradient, float* in_gradient,
                              const rt_identity_pad* shape);

/// Weights of a convolution with `groups` groups of `outputs`×`inputs` channels and `taps` taps,
/// row-major, and the same weights with `factor` neighbouring groups joined to one, zero where a
/// channel of one group would meet one of another.
typedef struct {
  int64_t groups, outputs, inputs, taps, factor;
} rt_group_packing;
void rt_pack_groups(const float* weights, float* packed, const rt_group_packing* shape);
/// The gradient of the weights from that of the joined ones.
void rt_unpack_groups(const float* packed, float* weights, const rt_group_packing* shape);

typedef struct {
  float learning_rate, momentum, weight_decay;
  bool nesterov;
} rt_sgd_options;
/// One update as torch.optim.SGD does it; `velocity` starts at zero.
void rt_sgd(float* parameter, const float* gradient, float* velocity, size_t count,
            rt_sgd_options options);

typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  /// One less the betas, whose difference to one float32 would round.
  float rest1, rest2;
  /// One less the powers of the betas: what the moments are short of in the first steps.
  float correction1, correction2;
} rt_adamw_options;
/// One update as torch.optim.AdamW does it; both moments start at zero.
void rt_adamw(float* parameter, const float* gradient, float* mean, float* square, size_t count,
              rt_adamw_options options);

/// average += weight·(value − average)
void rt_average(float* average, const float* value, size_t count, float weight);
/// Exchanges a and b.
void rt_swap(float* a, float* b, size_t count);
/// Sum of the squares of a, or of a − b where b is given; always added up in the same order.
double rt_squares(const float* a, const float* b, size_t count);

#ifdef __cplusplus
}
#endif
#endif
