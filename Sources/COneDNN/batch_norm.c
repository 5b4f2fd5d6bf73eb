#include "context.h"

rt_status rt_batch_norm_create(rt_context* context, const rt_layout* layout, float epsilon,
                               bool relu, rt_pass pass, const rt_primitive* hint,
                               rt_primitive** primitive) {
  rt_status status = dnnl_success;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  *primitive = NULL;

  unsigned flags = dnnl_use_scale | dnnl_use_shift;
  if (relu) flags |= dnnl_fuse_norm_relu;
  if (pass == RT_FORWARD_INFERENCE) flags |= dnnl_use_global_stats;
  rt_descriptor d = rt_descriptor_of(layout);
  const_dnnl_primitive_desc_t forward = rt_primitive_description(hint);
  dnnl_prop_kind_t kind =
      pass == RT_FORWARD_INFERENCE ? dnnl_forward_inference : dnnl_forward_training;

  RT_CHECK(rt_attributes_create(&attributes));
#if RT_ONEDNN_3
  if (pass == RT_BACKWARD) {
    RT_CHECK(dnnl_batch_normalization_backward_primitive_desc_create(
        &description, context->engine, dnnl_backward, d, d, d, epsilon, flags, forward,
        attributes));
  } else {
    RT_CHECK(dnnl_batch_normalization_forward_primitive_desc_create(
        &description, context->engine, kind, d, d, epsilon, flags, attributes));
  }
#else
  dnnl_batch_normalization_desc_t operation;
  if (pass == RT_BACKWARD) {
    RT_CHECK(dnnl_batch_normalization_backward_desc_init(&operation, dnnl_backward, d, d, epsilon,
                                                         flags));
  } else {
    RT_CHECK(dnnl_batch_normalization_forward_desc_init(&operation, kind, d, epsilon, flags));
  }
  RT_CHECK(
      dnnl_primitive_desc_create(&description, &operation, attributes, context->engine, forward));
#endif
  RT_CHECK((dnnl_status_t)rt_primitive_compile(context, description, primitive));
#if !RT_ONEDNN_3
  if (pass == RT_BACKWARD) {
    // 2.6 demands the shift at execution, though its backward pass does not read it.
    const dnnl_memory_desc_t* scale =
        dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, DNNL_ARG_SCALE);
    status = rt_primitive_add(*primitive, RT_SHIFT, scale);
    if (status != dnnl_success) {
      rt_primitive_destroy(*primitive);
      *primitive = NULL;
    }
  }
#endif
done:
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}
