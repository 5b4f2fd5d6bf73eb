#include "context.h"

enum { most_inputs = 16 };

rt_status rt_layout_concatenated(rt_context* context, const rt_layout* const* layouts, int count,
                                 const int64_t* dimensions, rt_layout** concatenated) {
  rt_status status = dnnl_success;
  rt_layout* result = NULL;
  dnnl_primitive_desc_t description = NULL;
  *concatenated = NULL;
  if (count < 1 || count > most_inputs) return dnnl_invalid_arguments;

  RT_CHECK(rt_layout_any(dimensions, 4, RT_FLOAT32, &result));
#if RT_ONEDNN_3
  const_dnnl_memory_desc_t sources[most_inputs];
  for (int i = 0; i < count; i++) sources[i] = rt_descriptor_of(layouts[i]);
  RT_CHECK(dnnl_concat_primitive_desc_create(&description, context->engine,
                                             rt_descriptor_of(result), count, 1, sources, NULL));
#else
  dnnl_memory_desc_t sources[most_inputs];
  for (int i = 0; i < count; i++) sources[i] = *rt_descriptor_of(layouts[i]);
  RT_CHECK(dnnl_concat_primitive_desc_create(&description, rt_descriptor_of(result), count, 1,
                                             sources, NULL, context->engine));
#endif
  *concatenated = rt_layout_copy(dnnl_primitive_desc_query_md(description, dnnl_query_dst_md, 0));
  if (!*concatenated) status = dnnl_out_of_memory;
done:
  if (description) dnnl_primitive_desc_destroy(description);
  rt_layout_destroy(result);
  return status;
}
