#include "context.h"

#include <stdlib.h>

const char* rt_status_text(rt_status status) {
  switch ((dnnl_status_t)status) {
    case dnnl_success:
      return "success";
    case dnnl_out_of_memory:
      return "out of memory";
    case dnnl_invalid_arguments:
      return "invalid arguments";
    case dnnl_unimplemented:
      return "not implemented for these shapes";
    default:
      return "oneDNN failed";
  }
}

rt_version rt_library_version(void) {
  const dnnl_version_t* version = dnnl_version();
  return (rt_version){version->major, version->minor, version->patch};
}

const char* rt_instruction_set(void) {
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  if (isa == dnnl_cpu_isa_sse41) return "SSE4.1";
  if (isa == dnnl_cpu_isa_avx) return "AVX";
  if (isa == dnnl_cpu_isa_avx2) return "AVX2";
  if (isa == dnnl_cpu_isa_avx2_vnni) return "AVX2 VNNI";
  if (isa == dnnl_cpu_isa_avx512_core) return "AVX-512";
  if (isa == dnnl_cpu_isa_avx512_core_vnni) return "AVX-512 VNNI";
  if (isa == dnnl_cpu_isa_avx512_core_bf16) return "AVX-512 BF16";
#if RT_ONEDNN_3
  if (isa == dnnl_cpu_isa_avx2_vnni_2) return "AVX2 VNNI 2";
  if (isa == dnnl_cpu_isa_avx512_core_fp16) return "AVX-512 FP16";
#endif
  if (isa > dnnl_cpu_isa_avx512_core_bf16) return "AVX-512 AMX";
  return "generic";
}

bool rt_has_fast_bfloat16(void) {
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  return (isa & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx;
}

int64_t rt_channel_block(void) {
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  return isa != dnnl_cpu_isa_avx2_vnni && isa >= dnnl_cpu_isa_avx512_core ? 16 : 8;
}

rt_status rt_context_create(rt_context** context) {
  rt_status status = dnnl_success;
  rt_context* created = calloc(1, sizeof *created);
  if (!created) return dnnl_out_of_memory;
  RT_CHECK(dnnl_engine_create(&created->engine, dnnl_cpu, 0));
  RT_CHECK(dnnl_stream_create(&created->stream, created->engine, dnnl_stream_default_flags));
done:
  if (status != dnnl_success) {
    rt_context_destroy(created);
    created = NULL;
  }
  *context = created;
  return status;
}

void rt_context_destroy(rt_context* context) {
  if (!context) return;
  if (context->stream) dnnl_stream_destroy(context->stream);
  if (context->engine) dnnl_engine_destroy(context->engine);
  free(context);
}

rt_status rt_attributes_create(dnnl_primitive_attr_t* attributes) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return (rt_status)status;
  return (rt_status)dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
}
