// The instances of one width, for instances.h: includes RT_KERNELS once for each element.

#define RT_BF16 0
#define RT_ELEMENT_NAME f32
#include RT_KERNELS
#undef RT_ELEMENT_NAME
#undef RT_BF16

#define RT_BF16 1
#define RT_ELEMENT_NAME bf16
#include RT_KERNELS
#undef RT_ELEMENT_NAME
#undef RT_BF16

#undef RT_WIDTH_NAME
#undef RT_BLOCK
