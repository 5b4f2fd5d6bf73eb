#include "context.h"

rt_status rt_linear_create(rt_context* context, const rt_linear* shape, rt_pass pass,
                           const rt_primitive* hint, rt_primitive** primitive) {
  rt_status status = dnnl_success;
  rt_layout *source = NULL, *weights = NULL, *bias = NULL, *destination = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  *primitive = NULL;

  const dnnl_dims_t source_dims = {shape->batch, shape->input_channels, shape->input_height,
                                   shape->input_width};
  const dnnl_dims_t weights_dims = {shape->outputs, shape->input_channels, shape->input_height,
                                    shape->input_width};
  const dnnl_dims_t bias_dims = {shape->outputs};
  const dnnl_dims_t destination_dims = {shape->batch, shape->outputs};

  RT_CHECK(rt_attributes_create(&attributes));
  RT_CHECK(rt_layout_any(source_dims, 4, RT_FLOAT32, &source));
  RT_CHECK(rt_layout_any(weights_dims, 4, RT_FLOAT32, &weights));
  RT_CHECK(rt_layout_create(bias_dims, 1, RT_FLOAT32, &bias));
  RT_CHECK(rt_layout_create(destination_dims, 2, RT_FLOAT32, &destination));
  rt_descriptor s = rt_descriptor_of(source), w = rt_descriptor_of(weights),
                b = rt_descriptor_of(bias), d = rt_descriptor_of(destination);
  const_dnnl_primitive_desc_t forward = rt_primitive_description(hint);
  dnnl_prop_kind_t kind =
      pass == RT_FORWARD_INFERENCE ? dnnl_forward_inference : dnnl_forward_training;
#if RT_ONEDNN_3
  switch (pass) {
    case RT_BACKWARD_DATA:
      RT_CHECK(dnnl_inner_product_backward_data_primitive_desc_create(
          &description, context->engine, s, w, d, forward, attributes));
      break;
    case RT_BACKWARD_WEIGHTS:
      RT_CHECK(dnnl_inner_product_backward_weights_primitive_desc_create(
          &description, context->engine, s, w, b, d, forward, attributes));
      break;
    default:
      RT_CHECK(dnnl_inner_product_forward_primitive_desc_create(&description, context->engine, kind,
                                                                s, w, b, d, attributes));
  }
#else
  dnnl_inner_product_desc_t operation;
  switch (pass) {
    case RT_BACKWARD_DATA:
      RT_CHECK(dnnl_inner_product_backward_data_desc_init(&operation, s, w, d));
      break;
    case RT_BACKWARD_WEIGHTS:
      RT_CHECK(dnnl_inner_product_backward_weights_desc_init(&operation, s, w, b, d));
      break;
    default:
      RT_CHECK(dnnl_inner_product_forward_desc_init(&operation, kind, s, w, b, d));
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
