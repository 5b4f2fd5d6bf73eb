#include <stdlib.h>

#include "context.h"

static const int arguments[RT_ROLES] = {
    [RT_SOURCE] = DNNL_ARG_SRC,
    [RT_WEIGHTS] = DNNL_ARG_WEIGHTS,
    [RT_BIAS] = DNNL_ARG_BIAS,
    [RT_DESTINATION] = DNNL_ARG_DST,
    [RT_SOURCE_GRADIENT] = DNNL_ARG_DIFF_SRC,
    [RT_WEIGHTS_GRADIENT] = DNNL_ARG_DIFF_WEIGHTS,
    [RT_BIAS_GRADIENT] = DNNL_ARG_DIFF_BIAS,
    [RT_DESTINATION_GRADIENT] = DNNL_ARG_DIFF_DST,
    [RT_SCRATCHPAD] = DNNL_ARG_SCRATCHPAD,
};

struct rt_primitive {
  rt_context* context;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  /// The arguments that the primitive has, and the role of each.
  dnnl_exec_arg_t arguments[RT_ROLES];
  rt_role roles[RT_ROLES];
  int count;
};

/// The descriptor of an argument; null where the primitive has none.
static rt_descriptor descriptor(const_dnnl_primitive_desc_t description, rt_role role) {
  rt_descriptor found =
      dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, arguments[role]);
  return found && rt_descriptor_rank(found) > 0 ? found : NULL;
}

/// Gives `primitive` the memory of an argument that its description lists.
static rt_status add(rt_primitive* primitive, rt_role role, rt_descriptor descriptor) {
  for (int i = 0; i < primitive->count; i++) {
    if (primitive->roles[i] == role) return dnnl_success;
  }
  dnnl_exec_arg_t* argument = &primitive->arguments[primitive->count];
  argument->arg = arguments[role];
  dnnl_status_t status = dnnl_memory_create(&argument->memory, descriptor,
                                            primitive->context->engine, DNNL_MEMORY_NONE);
  if (status == dnnl_success) primitive->roles[primitive->count++] = role;
  return (rt_status)status;
}

rt_status rt_primitive_compile(rt_context* context, dnnl_primitive_desc_t description,
                               rt_primitive** primitive) {
  rt_status status = dnnl_success;
  rt_primitive* created = calloc(1, sizeof *created);
  if (!created) {
    dnnl_primitive_desc_destroy(description);
    return dnnl_out_of_memory;
  }
  created->context = context;
  created->description = description;
  RT_CHECK(dnnl_primitive_create(&created->primitive, description));
  for (rt_role role = 0; role < RT_ROLES; role++) {
    rt_descriptor found = descriptor(description, role);
    if (found) RT_CHECK((dnnl_status_t)add(created, role, found));
  }
done:
  if (status != dnnl_success) {
    rt_primitive_destroy(created);
    created = NULL;
  }
  *primitive = created;
  return status;
}

void rt_primitive_destroy(rt_primitive* primitive) {
  if (!primitive) return;
  for (int i = 0; i < primitive->count; i++) dnnl_memory_destroy(primitive->arguments[i].memory);
  if (primitive->primitive) dnnl_primitive_destroy(primitive->primitive);
  dnnl_primitive_desc_destroy(primitive->description);
  free(primitive);
}

const_dnnl_primitive_desc_t rt_primitive_description(const rt_primitive* primitive) {
  return primitive ? primitive->description : NULL;
}

rt_layout* rt_primitive_layout(const rt_primitive* primitive, rt_role role) {
  return rt_layout_copy(descriptor(primitive->description, role));
}

const char* rt_primitive_implementation(const rt_primitive* primitive) {
  const char* name = NULL;
  dnnl_primitive_desc_query(primitive->description, dnnl_query_impl_info_str, 0, &name);
  return name ? name : "";
}

rt_status rt_primitive_bind(rt_primitive* primitive, rt_role role, void* data) {
  for (int i = 0; i < primitive->count; i++) {
    if (primitive->roles[i] == role) {
      return (rt_status)dnnl_memory_set_data_handle(primitive->arguments[i].memory, data);
    }
  }
  return dnnl_invalid_arguments;
}

rt_status rt_primitive_run(rt_primitive* primitive) {
  return (rt_status)dnnl_primitive_execute(primitive->primitive, primitive->context->stream,
                                           primitive->count, primitive->arguments);
}
