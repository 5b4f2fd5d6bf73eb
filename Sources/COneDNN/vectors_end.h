// Ends what vectors.h began.

#undef vec
#undef wide
#undef bits
#undef words
#undef halves
#undef bytes
#undef RT_INLINE
#undef RT_UNROLL
#undef load
#undef store
#undef rounded_words
#undef element
#undef load_elements
#undef store_elements
#undef as_element
#undef multiply_add
#undef hold
#undef spread_float
#undef spread_element
