#include "COneDNN.h"

// libgomp's ABI for a parallel region: the compiler may be one that would emit calls to another
// OpenMP runtime, whose thread team would compete with oneDNN's.
void GOMP_parallel(void (*body)(void*), void* data, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);

// One version for each instruction set, chosen when the program is loaded.
#if defined(__x86_64__)
#define RT_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define RT_VECTORISED
#endif

/// Below this many floats a parallel region costs more than it saves.
enum { serial_limit = 16384 };

typedef struct {
  float* out;
  const float *a, *b;
  float* state;
  rt_sgd_options sgd;
} operands;

typedef void (*range_body)(const operands*, size_t begin, size_t end);

typedef struct {
  range_body body;
  const operands* operands;
  size_t count;
} task;

static void run_share(void* data) {
  const task* work = data;
  size_t threads = (size_t)omp_get_num_threads(), index = (size_t)omp_get_thread_num();
  // Shares end at multiples of 64 floats, so that no two threads write one cache line.
  size_t share = (work->count / threads + 63) / 64 * 64;
  size_t begin = index * share, end = index + 1 == threads ? work->count : begin + share;
  if (end > work->count) end = work->count;
  if (begin < end) work->body(work->operands, begin, end);
}

static void run(range_body body, const operands* operands, size_t count) {
  task work = {body, operands, count};
  if (count <= serial_limit || omp_get_max_threads() == 1) {
    body(operands, 0, count);
  } else {
    GOMP_parallel(run_share, &work, 0, 0);
  }
}

RT_VECTORISED static void add_range(const operands* o, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) o->out[i] = o->a[i] + o->b[i];
}

RT_VECTORISED static void add_relu_range(const operands* o, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) {
    float sum = o->a[i] + o->b[i];
    o->out[i] = sum < 0 ? 0 : sum;
  }
}

RT_VECTORISED static void relu_range(const operands* o, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) o->out[i] = o->a[i] < 0 ? 0 : o->a[i];
}

RT_VECTORISED static void relu_gradient_range(const operands* o, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) o->out[i] = o->a[i] > 0 ? o->b[i] : 0;
}

RT_VECTORISED static void sgd_range(const operands* o, size_t begin, size_t end) {
  const rt_sgd_options s = o->sgd;
  for (size_t i = begin; i < end; i++) {
    float gradient = o->a[i] + s.weight_decay * o->out[i];
    float velocity = s.momentum * o->state[i] + gradient;
    o->state[i] = velocity;
    float update = s.nesterov ? gradient + s.momentum * velocity : velocity;
    o->out[i] -= s.learning_rate * update;
  }
}

void rt_add(const float* a, const float* b, float* out, size_t count) {
  run(add_range, &(operands){.out = out, .a = a, .b = b}, count);
}

void rt_add_relu(const float* a, const float* b, float* out, size_t count) {
  run(add_relu_range, &(operands){.out = out, .a = a, .b = b}, count);
}

void rt_relu(const float* a, float* out, size_t count) {
  run(relu_range, &(operands){.out = out, .a = a}, count);
}

void rt_relu_gradient(const float* activation, const float* gradient, float* out, size_t count) {
  run(relu_gradient_range, &(operands){.out = out, .a = activation, .b = gradient}, count);
}

void rt_sgd(float* parameter, const float* gradient, float* velocity, size_t count,
            rt_sgd_options options) {
  run(sgd_range, &(operands){.out = parameter, .a = gradient, .state = velocity, .sgd = options},
      count);
}
