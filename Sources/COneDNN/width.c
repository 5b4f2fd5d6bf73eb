#include "width.h"

#include "COneDNN.h"

rt_width rt_width_for(int64_t block) {
#if defined(__x86_64__)
  if (block == 16 && __builtin_cpu_supports("avx512f")) return RT_WIDTH_16_AVX512;
  if (block == 8 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return RT_WIDTH_8_AVX2;
  }
#endif
  return block == 16 ? RT_WIDTH_16 : RT_WIDTH_8;
}

const char* rt_kernel_instructions(int64_t block) {
  switch (rt_width_for(block)) {
    case RT_WIDTH_8_AVX2:
      return "avx2";
    case RT_WIDTH_16_AVX512:
      return "avx512";
    default:
      return "any";
  }
}
