/// What the kernels that work number by number share.
#ifndef RESNET_TUI_KERNELS_H
#define RESNET_TUI_KERNELS_H

#include "COneDNN.h"
#include "team.h"

// One version for each instruction set, chosen when the program is loaded: before the thread sanitizer
// can follow a call.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define RT_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define RT_VECTORISED
#endif

/// An output may be an input, number by number: no iteration waits for another.
#define RT_ELEMENTS_OF_RANGE \
  _Pragma("clang loop vectorize(assume_safety)") for (size_t i = begin; i < end; i++)

/// Below this many numbers a parallel region costs more than it saves.
enum { rt_serial_limit = 16384 };

/// `body` over numbers; no two threads write one cache line.
static inline void rt_run_elements(rt_range_body body, const void* operands, size_t count) {
  rt_team_run(body, operands, count, count <= rt_serial_limit ? rt_serial_limit : 64);
}

/// `body` over maps of `area` numbers.
static inline void rt_run_maps(rt_range_body body, const void* operands, size_t count,
                               size_t area) {
  rt_team_run(body, operands, count, count * area <= rt_serial_limit ? count : 1);
}

#endif
