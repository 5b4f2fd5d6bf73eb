// Includes RT_KERNELS, a file of kernels, once for each width and element. Each time it finds
//   RT_BLOCK    channels in a block of the layouts, the lanes of a vector
//   RT_WIDE     whether there are 32 vector registers, not 16
//   RT_AVX2     whether a vector is one of AVX2's registers
//   RT_BF16     whether activations lie in memory as bfloat16, not float32
//   RT_NAME(x)  the name of x in this instance
// and includes vectors.h and vectors_end.h around its own text. It defines RT_NAME(kernels).

#define RT_PASTE_(name, width, suffix) name##_##width##_##suffix
#define RT_PASTE(name, width, suffix) RT_PASTE_(name, width, suffix)
#define RT_NAME(x) RT_PASTE(x, RT_WIDTH_NAME, RT_ELEMENT_NAME)

#define RT_WIDE 0
#define RT_AVX2 0
#define RT_BLOCK 8
#define RT_WIDTH_NAME 8
#include "element_instances.h"

#define RT_BLOCK 16
#define RT_WIDTH_NAME 16
#include "element_instances.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#undef RT_AVX2
#define RT_AVX2 1
#define RT_BLOCK 8
#define RT_WIDTH_NAME avx2
#include "element_instances.h"
#pragma clang attribute pop

#undef RT_AVX2
#define RT_AVX2 0
#undef RT_WIDE
#define RT_WIDE 1
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define RT_BLOCK 16
#define RT_WIDTH_NAME avx512
#include "element_instances.h"
#pragma clang attribute pop
#endif

#undef RT_WIDE
#undef RT_AVX2
