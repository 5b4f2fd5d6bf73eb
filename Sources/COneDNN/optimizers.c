/// What an optimizer does to every parameter, and the averages of them.
#include "kernels.h"

typedef struct {
  float* out;
  const float* a;
  float *state, *second_state;
  rt_sgd_options sgd;
  rt_adamw_options adamw;
  float weight;
} operands;

RT_VECTORISED static void sgd_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_sgd_options s = o->sgd;
  RT_ELEMENTS_OF_RANGE {
    float gradient = o->a[i] + s.weight_decay * o->out[i];
    float velocity = s.momentum * o->state[i] + gradient;
    o->state[i] = velocity;
    float update = s.nesterov ? gradient + s.momentum * velocity : velocity;
    o->out[i] -= s.learning_rate * update;
  }
}

RT_VECTORISED static void adamw_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const rt_adamw_options w = o->adamw;
  const float keep = 1 - w.learning_rate * w.weight_decay;
  const float step = w.learning_rate / w.correction1;
  const float root = 1 / __builtin_elementwise_sqrt(w.correction2);
  RT_ELEMENTS_OF_RANGE {
    float gradient = o->a[i];
    float mean = w.beta1 * o->state[i] + w.rest1 * gradient;
    float square = w.beta2 * o->second_state[i] + w.rest2 * gradient * gradient;
    o->state[i] = mean;
    o->second_state[i] = square;
    o->out[i] =
        keep * o->out[i] - step * mean / (__builtin_elementwise_sqrt(square) * root + w.epsilon);
  }
}

RT_VECTORISED static void average_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const float weight = o->weight;
  RT_ELEMENTS_OF_RANGE o->out[i] += weight * (o->a[i] - o->out[i]);
}

RT_VECTORISED static void swap_range(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  RT_ELEMENTS_OF_RANGE {
    float value = o->out[i];
    o->out[i] = o->state[i];
    o->state[i] = value;
  }
}

void rt_sgd(float* parameter, const float* gradient, float* velocity, size_t count,
            rt_sgd_options options) {
  rt_run_elements(sgd_range,
                  &(operands){.out = parameter, .a = gradient, .state = velocity, .sgd = options},
                  count);
}

void rt_adamw(float* parameter, const float* gradient, float* mean, float* square, size_t count,
              rt_adamw_options options) {
  rt_run_elements(
      adamw_range,
      &(operands){
          .out = parameter, .a = gradient, .state = mean, .second_state = square, .adamw = options},
      count);
}

void rt_average(float* average, const float* value, size_t count, float weight) {
  rt_run_elements(average_range, &(operands){.out = average, .a = value, .weight = weight}, count);
}

void rt_swap(float* a, float* b, size_t count) {
  rt_run_elements(swap_range, &(operands){.out = a, .state = b}, count);
}

// MARK: Norms of parameters

enum { RT_SUMS = 8 };

RT_VECTORISED static void square_range(const float* restrict a, size_t count, double* sums) {
  for (size_t i = 0; i + RT_SUMS <= count; i += RT_SUMS) {
    for (size_t lane = 0; lane < RT_SUMS; lane++) {
      sums[lane] += (double)a[i + lane] * (double)a[i + lane];
    }
  }
}

RT_VECTORISED static void distance_range(const float* restrict a, const float* restrict b,
                                         size_t count, double* sums) {
  for (size_t i = 0; i + RT_SUMS <= count; i += RT_SUMS) {
    for (size_t lane = 0; lane < RT_SUMS; lane++) {
      double difference = (double)a[i + lane] - (double)b[i + lane];
      sums[lane] += difference * difference;
    }
  }
}

double rt_squares(const float* a, const float* b, size_t count) {
  double sums[RT_SUMS] = {0};
  if (b) {
    distance_range(a, b, count, sums);
  } else {
    square_range(a, count, sums);
  }
  double total = 0;
  for (size_t lane = 0; lane < RT_SUMS; lane++) total += sums[lane];
  for (size_t i = count - count % RT_SUMS; i < count; i++) {
    double difference = (double)a[i] - (b ? (double)b[i] : 0);
    total += difference * difference;
  }
  return total;
}
