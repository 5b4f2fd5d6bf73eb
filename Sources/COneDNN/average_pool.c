#include "context.h"

rt_status rt_average_pool_create(rt_context* context, const rt_average_pool* shape,
                                 const rt_layout* layout, rt_pass pass, const rt_primitive* hint,
                                 rt_primitive** primitive) {
  rt_status status = dnnl_success;
  rt_layout* destination = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  *primitive = NULL;

  const dnnl_dims_t destination_dims = {shape->batch, shape->channels, 1, 1};
  const dnnl_dims_t kernel = {shape->height, shape->width};
  const dnnl_dims_t strides = {1, 1};
  const dnnl_dims_t dilation = {0, 0};
  const dnnl_dims_t padding = {0, 0};
  const dnnl_alg_kind_t algorithm = dnnl_pooling_avg_exclude_padding;
  dnnl_prop_kind_t kind =
      pass == RT_FORWARD_INFERENCE ? dnnl_forward_inference : dnnl_forward_training;

  RT_CHECK(rt_attributes_create(&attributes));
  RT_CHECK(rt_layout_any(destination_dims, 4, RT_FLOAT32, &destination));
  rt_descriptor s = rt_descriptor_of(layout), d = rt_descriptor_of(destination);
  const_dnnl_primitive_desc_t forward = rt_primitive_description(hint);
#if RT_ONEDNN_3
  if (pass == RT_BACKWARD) {
    RT_CHECK(dnnl_pooling_backward_primitive_desc_create(&description, context->engine, algorithm,
                                                         s, d, strides, kernel, dilation, padding,
                                                         padding, forward, attributes));
  } else {
    RT_CHECK(dnnl_pooling_forward_primitive_desc_create(&description, context->engine, kind,
                                                        algorithm, s, d, strides, kernel, dilation,
                                                        padding, padding, attributes));
  }
#else
  dnnl_pooling_v2_desc_t operation;
  if (pass == RT_BACKWARD) {
    RT_CHECK(dnnl_pooling_v2_backward_desc_init(&operation, algorithm, s, d, strides, kernel,
                                                dilation, padding, padding));
  } else {
    RT_CHECK(dnnl_pooling_v2_forward_desc_init(&operation, kind, algorithm, s, d, strides, kernel,
                                               dilation, padding, padding));
  }
  RT_CHECK(
      dnnl_primitive_desc_create(&description, &operation, attributes, context->engine, forward));
#endif
  RT_CHECK((dnnl_status_t)rt_primitive_compile(context, description, primitive));
done:
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  rt_layout_destroy(destination);
  return status;
}
