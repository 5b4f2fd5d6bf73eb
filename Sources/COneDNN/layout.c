#include <stdlib.h>

#include "context.h"

static rt_status create(const int64_t* dimensions, int rank, rt_element element,
                        dnnl_format_tag_t tag, rt_layout** layout) {
  const dnnl_data_type_t type = element == RT_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
  *layout = NULL;
  rt_layout* created = calloc(1, sizeof *created);
  if (!created) return dnnl_out_of_memory;
#if RT_ONEDNN_3
  dnnl_status_t status =
      dnnl_memory_desc_create_with_tag(&created->descriptor, rank, dimensions, type, tag);
#else
  dnnl_status_t status =
      dnnl_memory_desc_init_by_tag(&created->descriptor, rank, dimensions, type, tag);
#endif
  if (status != dnnl_success) {
    free(created);
    return (rt_status)status;
  }
  *layout = created;
  return dnnl_success;
}

rt_status rt_layout_create(const int64_t* dimensions, int rank, rt_element element,
                           rt_layout** layout) {
  static const dnnl_format_tag_t row_major[] = {dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd, dnnl_abcde};
  if (rank < 1 || rank > 5) return dnnl_invalid_arguments;
  return create(dimensions, rank, element, row_major[rank - 1], layout);
}

rt_status rt_layout_blocked_activations(const int64_t* dimensions, int64_t block,
                                        rt_element element, rt_layout** layout) {
  if (block != 8 && block != 16) return dnnl_invalid_arguments;
  return create(dimensions, 4, element, block == 8 ? dnnl_nChw8c : dnnl_nChw16c, layout);
}

rt_status rt_layout_blocked_weights(const int64_t* dimensions, int64_t block, rt_layout** layout) {
  if (block != 8 && block != 16) return dnnl_invalid_arguments;
  return create(dimensions, 4, RT_FLOAT32, block == 8 ? dnnl_OIhw8i8o : dnnl_OIhw16i16o, layout);
}

rt_status rt_layout_any(const int64_t* dimensions, int rank, rt_element element,
                        rt_layout** layout) {
  return create(dimensions, rank, element, dnnl_format_tag_any, layout);
}

int rt_descriptor_rank(rt_descriptor descriptor) {
#if RT_ONEDNN_3
  int rank = 0;
  dnnl_memory_desc_query(descriptor, dnnl_query_ndims_s32, &rank);
  return rank;
#else
  return descriptor->ndims;
#endif
}

rt_layout* rt_layout_copy(rt_descriptor descriptor) {
  if (!descriptor || rt_descriptor_rank(descriptor) == 0) return NULL;
  rt_layout* copy = calloc(1, sizeof *copy);
  if (!copy) return NULL;
#if RT_ONEDNN_3
  if (dnnl_memory_desc_clone(&copy->descriptor, descriptor) != dnnl_success) {
    free(copy);
    return NULL;
  }
#else
  copy->descriptor = *descriptor;
#endif
  return copy;
}

rt_status rt_layout_crop(const rt_layout* layout, const int64_t* dimensions, const int64_t* offsets,
                         rt_layout** crop) {
  *crop = NULL;
  rt_layout* created = calloc(1, sizeof *created);
  if (!created) return dnnl_out_of_memory;
#if RT_ONEDNN_3
  dnnl_status_t status = dnnl_memory_desc_create_submemory(
      &created->descriptor, rt_descriptor_of(layout), dimensions, offsets);
#else
  dnnl_status_t status = dnnl_memory_desc_init_submemory(
      &created->descriptor, rt_descriptor_of(layout), dimensions, offsets);
#endif
  if (status != dnnl_success) {
    free(created);
    return (rt_status)status;
  }
  *crop = created;
  return dnnl_success;
}

rt_status rt_layout_transpose(const rt_layout* layout, rt_layout** transposed) {
  static const int axes[] = {1, 0, 2, 3};
  *transposed = NULL;
  rt_layout* created = calloc(1, sizeof *created);
  if (!created) return dnnl_out_of_memory;
  dnnl_status_t status =
      dnnl_memory_desc_permute_axes(&created->descriptor, rt_descriptor_of(layout), axes);
  if (status != dnnl_success) {
    free(created);
    return (rt_status)status;
  }
  *transposed = created;
  return dnnl_success;
}

void rt_layout_destroy(rt_layout* layout) {
  if (!layout) return;
#if RT_ONEDNN_3
  dnnl_memory_desc_destroy(layout->descriptor);
#endif
  free(layout);
}

bool rt_layout_equal(const rt_layout* a, const rt_layout* b) {
  return dnnl_memory_desc_equal(rt_descriptor_of(a), rt_descriptor_of(b));
}

size_t rt_layout_size(const rt_layout* layout) {
  return dnnl_memory_desc_get_size(rt_descriptor_of(layout));
}

rt_element rt_layout_element(const rt_layout* layout) {
#if RT_ONEDNN_3
  dnnl_data_type_t type = dnnl_data_type_undef;
  dnnl_memory_desc_query(layout->descriptor, dnnl_query_data_type, &type);
#else
  dnnl_data_type_t type = layout->descriptor.data_type;
#endif
  return type == dnnl_bf16 ? RT_BFLOAT16 : RT_FLOAT32;
}
