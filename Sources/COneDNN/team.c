#include "team.h"

#include "COneDNN.h"

// libgomp's ABI for a parallel region: the compiler may be one that would emit calls to another
// OpenMP runtime, whose thread team would compete with oneDNN's. Its header belongs to GCC, not to
// every compiler.
void GOMP_parallel(void (*body)(void*), void* data, unsigned threads, unsigned flags);
void omp_set_num_threads(int threads);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);

void rt_set_threads(int threads) { omp_set_num_threads(threads); }

int rt_threads(void) { return omp_get_max_threads(); }

typedef struct {
  rt_range_body body;
  const void* operands;
  size_t count, grain;
} task;

static void run_share(void* data) {
  const task* work = data;
  size_t threads = (size_t)omp_get_num_threads(), index = (size_t)omp_get_thread_num();
  size_t grains = (work->count + work->grain - 1) / work->grain;
  size_t begin = grains * index / threads * work->grain;
  size_t end = grains * (index + 1) / threads * work->grain;
  if (end > work->count) end = work->count;
  if (begin < end) work->body(work->operands, begin, end);
}

void rt_team_run(rt_range_body body, const void* operands, size_t count, size_t grain) {
  if (count <= grain || rt_threads() == 1) {
    body(operands, 0, count);
    return;
  }
  task work = {body, operands, count, grain};
  GOMP_parallel(run_share, &work, 0, 0);
}
