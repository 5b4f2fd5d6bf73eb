#include "context.h"

rt_status rt_convolution_create(rt_context* context, const rt_convolution* shape,
                                rt_element element, rt_pass pass, const rt_primitive* hint,
                                rt_primitive** primitive) {
  rt_status status = dnnl_success;
  rt_layout *source = NULL, *weights = NULL, *bias = NULL, *destination = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  *primitive = NULL;

  const dnnl_dims_t source_dims = {shape->batch, shape->input_channels, shape->input_height,
                                   shape->input_width};
  const dnnl_dims_t destination_dims = {shape->batch, shape->output_channels, shape->output_height,
                                        shape->output_width};
  const dnnl_dims_t dense_dims = {shape->output_channels, shape->input_channels, shape->kernel,
                                  shape->kernel};
  const dnnl_dims_t grouped_dims = {shape->groups, shape->output_channels / shape->groups,
                                    shape->input_channels / shape->groups, shape->kernel,
                                    shape->kernel};
  const dnnl_dims_t bias_dims = {shape->output_channels};
  const dnnl_dims_t strides = {shape->stride, shape->stride};
  const dnnl_dims_t dilation = {0, 0};
  const dnnl_dims_t before = {shape->padding.top, shape->padding.left};
  const dnnl_dims_t after = {shape->padding.bottom, shape->padding.right};

  RT_CHECK(rt_attributes_create(&attributes));
  RT_CHECK(rt_layout_any(source_dims, 4, element, &source));
  RT_CHECK(rt_layout_any(destination_dims, 4, element, &destination));
  const rt_element of_weights = pass == RT_BACKWARD_WEIGHTS ? RT_FLOAT32 : element;
  RT_CHECK(shape->groups == 1 ? rt_layout_any(dense_dims, 4, of_weights, &weights)
                              : rt_layout_any(grouped_dims, 5, of_weights, &weights));
  if (shape->bias) RT_CHECK(rt_layout_create(bias_dims, 1, RT_FLOAT32, &bias));

  rt_descriptor s = rt_descriptor_of(source), w = rt_descriptor_of(weights),
                d = rt_descriptor_of(destination), b = bias ? rt_descriptor_of(bias) : NULL;
  const_dnnl_primitive_desc_t forward = rt_primitive_description(hint);
  dnnl_prop_kind_t kind =
      pass == RT_FORWARD_INFERENCE ? dnnl_forward_inference : dnnl_forward_training;
#if RT_ONEDNN_3
  switch (pass) {
    case RT_BACKWARD_DATA:
      RT_CHECK(dnnl_convolution_backward_data_primitive_desc_create(
          &description, context->engine, dnnl_convolution_direct, s, w, d, strides, dilation,
          before, after, forward, attributes));
      break;
    case RT_BACKWARD_WEIGHTS:
      RT_CHECK(dnnl_convolution_backward_weights_primitive_desc_create(
          &description, context->engine, dnnl_convolution_direct, s, w, b, d, strides, dilation,
          before, after, forward, attributes));
      break;
    default:
      RT_CHECK(dnnl_convolution_forward_primitive_desc_create(
          &description, context->engine, kind, dnnl_convolution_direct, s, w, b, d, strides,
          dilation, before, after, attributes));
  }
#else
  dnnl_convolution_desc_t operation;
  switch (pass) {
    case RT_BACKWARD_DATA:
      RT_CHECK(dnnl_dilated_convolution_backward_data_desc_init(
          &operation, dnnl_convolution_direct, s, w, d, strides, dilation, before, after));
      break;
    case RT_BACKWARD_WEIGHTS:
      RT_CHECK(dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, s, w, b, d, strides, dilation, before, after));
      break;
    default:
      RT_CHECK(dnnl_dilated_convolution_forward_desc_init(
          &operation, kind, dnnl_convolution_direct, s, w, b, d, strides, dilation, before, after));
  }
  RT_CHECK(
      dnnl_primitive_desc_create(&description, &operation, attributes, context->engine, forward));
#endif
  RT_CHECK((dnnl_status_t)rt_primitive_compile(context, description, primitive));
done:
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  rt_layout_destroy(source);
  rt_layout_destroy(weights);
  rt_layout_destroy(bias);
  rt_layout_destroy(destination);
  return status;
}
