#include "context.h"

rt_status rt_reorder_create(rt_context* context, const rt_layout* from, const rt_layout* to,
                            rt_primitive** primitive) {
  rt_status status = dnnl_success;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  *primitive = NULL;
  RT_CHECK(rt_attributes_create(&attributes));
  RT_CHECK(dnnl_reorder_primitive_desc_create(&description, rt_descriptor_of(from), context->engine,
                                              rt_descriptor_of(to), context->engine, attributes));
  RT_CHECK((dnnl_status_t)rt_primitive_compile(context, description, primitive));
done:
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}
