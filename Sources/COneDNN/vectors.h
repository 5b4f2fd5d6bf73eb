// Vectors of RT_BLOCK lanes and how they are read and written, for one instance of kernels:
// included by a file of kernels in front of its text, with vectors_end.h behind it.
//
// Macros: a function that takes or returns a vector has another ABI without its instruction set.

typedef float RT_NAME(vec) __attribute__((ext_vector_type(RT_BLOCK), aligned(4)));
typedef double RT_NAME(wide) __attribute__((ext_vector_type(RT_BLOCK), aligned(8)));
typedef int32_t RT_NAME(bits) __attribute__((ext_vector_type(RT_BLOCK), aligned(4)));
typedef uint32_t RT_NAME(words) __attribute__((ext_vector_type(RT_BLOCK), aligned(4)));
typedef uint16_t RT_NAME(halves) __attribute__((ext_vector_type(RT_BLOCK), aligned(2)));
typedef uint8_t RT_NAME(bytes) __attribute__((ext_vector_type(RT_BLOCK), aligned(1)));
#define vec RT_NAME(vec)
#define wide RT_NAME(wide)
#define bits RT_NAME(bits)
#define words RT_NAME(words)
#define halves RT_NAME(halves)
#define bytes RT_NAME(bytes)

#define RT_INLINE static inline __attribute__((always_inline))
#define RT_UNROLL _Pragma("clang loop unroll(full)")

#define load(p) (*(const vec*)(p))
#define store(p, v) (*(vec*)(p) = (v))

/// The nearest bfloat16 of each lane, ties to even, in its upper half; a NaN stays one.
#define rounded_words(v)                                              \
  ({                                                                  \
    words rt_w = (words)(v);                                          \
    words rt_r = rt_w + 0x7fffu + ((rt_w >> 16) & 1u);                \
    ((rt_w & 0x7fffffffu) > 0x7f800000u ? (rt_w | 0x400000u) : rt_r); \
  })

/// An element of activations, and a vector of them.
#if RT_BF16
#define element uint16_t
#define load_elements(p) ((vec)(__builtin_convertvector(*(const halves*)(p), words) << 16))
#define store_elements(p, v) \
  (*(halves*)(p) = __builtin_convertvector(rounded_words(v) >> 16, halves))
/// What an element would be after it was stored.
#define as_element(v) ((vec)(rounded_words(v) & 0xffff0000u))
#else
#define element float
#define load_elements(p) load(p)
#define store_elements(p, v) store(p, v)
#define as_element(v) (v)
#endif

/// sum += a·b, and a number in every lane. Where the registers just suffice for the sums, the
/// compiler would move some to memory and back in every step; told the instructions and their
/// order, it does not. `hold` keeps a loaded vector in its register.
#if RT_AVX2
#define multiply_add(sum, a, b) \
  __asm__ volatile("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(a), "x"(b))
#define spread_float(p)                                               \
  ({                                                                  \
    vec rt_v;                                                         \
    __asm__ volatile("vbroadcastss %1, %0" : "=x"(rt_v) : "m"(*(p))); \
    rt_v;                                                             \
  })
#define hold(v) __asm__("" : "+x"(v))
#else
#define multiply_add(sum, a, b) ((sum) += (a) * (b))
#define spread_float(p) ((vec) * (p))
#define hold(v) ((void)0)
#endif

/// An element in every lane.
#if RT_BF16
#define spread_element(p)    \
  ((vec)((union {            \
     uint32_t bits;          \
     float value;            \
   }){(uint32_t)*(p) << 16}) \
       .value)
#else
#define spread_element(p) spread_float(p)
#endif
