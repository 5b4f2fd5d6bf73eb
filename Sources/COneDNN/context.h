/// What the files of this target share: the opaque types and the two generations' differences.
#ifndef RESNET_TUI_CONTEXT_H
#define RESNET_TUI_CONTEXT_H

#include <dnnl.h>

#include "COneDNN.h"

#if DNNL_VERSION_MAJOR >= 3
#define RT_ONEDNN_3 1
#else
#define RT_ONEDNN_3 0
#endif

struct rt_context {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
};

/// 2.x descriptors are values, those of 3.x are handles.
struct rt_layout {
  dnnl_memory_desc_t descriptor;
};

#if RT_ONEDNN_3
typedef const_dnnl_memory_desc_t rt_descriptor;
static inline rt_descriptor rt_descriptor_of(const rt_layout* layout) { return layout->descriptor; }
#else
typedef const dnnl_memory_desc_t* rt_descriptor;
static inline rt_descriptor rt_descriptor_of(const rt_layout* layout) {
  return &layout->descriptor;
}
#endif

/// Dimensions of a descriptor; 0 for one of nothing. Its size would not tell: 2.x gives 0 for a
/// crop.
int rt_descriptor_rank(rt_descriptor descriptor);
/// A layout that owns a copy of `descriptor`; null if that is null or describes nothing.
rt_layout* rt_layout_copy(rt_descriptor descriptor);
/// A layout whose format the primitive chooses.
rt_status rt_layout_any(const int64_t* dimensions, int rank, rt_element element,
                        rt_layout** layout);

/// Takes `description` over, compiles it and creates a memory for each of its arguments.
rt_status rt_primitive_compile(rt_context* context, dnnl_primitive_desc_t description,
                               rt_primitive** primitive);
const_dnnl_primitive_desc_t rt_primitive_description(const rt_primitive* primitive);

/// Attributes of every primitive: the caller provides the scratchpad.
rt_status rt_attributes_create(dnnl_primitive_attr_t* attributes);

#define RT_CHECK(call)                \
  do {                                \
    dnnl_status_t rt_result = (call); \
    if (rt_result != dnnl_success) {  \
      status = (rt_status)rt_result;  \
      goto done;                      \
    }                                 \
  } while (0)

#endif
