// Softmax, its logarithm, cross entropy. Several narrow rows are worked on together, pass by pass, so that the
// exponentials fill vector registers; a block stays in the nearest cache from pass to pass.
#include "slices.h"
#include "sums.h"
#include "team.h"
#include "vector.h"

// The largest of a row, or the second argument of the comparison where one is NaN: it stays in the exponential.
INLINE float largest_of(const float *x, int64_t width) {
  floats lanes = -INFINITY;
  int64_t i = 0;
  for (; i + 8 <= width; i += 8) {
    floats v = lane_load(x + i);
    lanes = v > lanes ? v : lanes;
  }
  float largest = -INFINITY;
  for (; i < width; i++) largest = x[i] > largest ? x[i] : largest;
  for (int lane = 0; width >= 8 && lane < 8; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
  return largest;
}

INLINE float sum_of(const float *x, int64_t width) {
  floats even = 0, odd = 0;
  int64_t i = 0;
  for (; i + 16 <= width; i += 16) even += lane_load(x + i), odd += lane_load(x + i + 8);
  float rest = 0;
  for (; i < width; i++) rest += x[i];
  even += odd;
  return ((even[0] + even[4]) + (even[1] + even[5])) + ((even[2] + even[6]) + (even[3] + even[7])) + rest;
}

INLINE float sum_of_products(const float *x, const float *z, int64_t width) {
  floats even = 0, odd = 0;
  int64_t i = 0;
  for (; i + 16 <= width; i += 16) {
    even += lane_load(x + i) * lane_load(z + i);
    odd += lane_load(x + i + 8) * lane_load(z + i + 8);
  }
  float rest = 0;
  for (; i < width; i++) rest += x[i] * z[i];
  even += odd;
  return ((even[0] + even[4]) + (even[1] + even[5])) + ((even[2] + even[6]) + (even[3] + even[7])) + rest;
}

// How many rows are worked on together: about 4 KiB.
INLINE int64_t rows_at_once(int64_t width) { return width >= 1024 ? 1 : 1024 / width; }

// y = exp(x - top), and their sum, in the order that suits the processor.
INLINE float exponentials(const float *x, float top, float *y, int64_t width) {
#pragma clang fp reassociate(on)
  float sum = 0;
  EACH for (int64_t i = 0; i < width; i++) {
    float e = lane_exp(x[i] - top);
    y[i] = e;
    sum += e;
  }
  return sum;
}

// y = exp(x - the largest of its row), for a block of rows; `largest` and `sums` get a number a row.
INLINE void exponentiate(const float *x, float *y, int64_t rows, int64_t width, float *largest, float *sums) {
  for (int64_t row = 0; row < rows; row++) {
    const float *from = x + row * width;
    float *to = y + row * width, top = largest_of(from, width);
    largest[row] = top;
    if (width < 32) {
      EACH for (int64_t i = 0; i < width; i++) to[i] = from[i] - top;
      continue;
    }
    sums[row] = exponentials(from, top, to, width);
  }
  if (width >= 32) return;
  EACH for (int64_t i = 0; i < rows * width; i++) y[i] = lane_exp(y[i]);
  for (int64_t row = 0; row < rows; row++) sums[row] = sum_of(y + row * width, width);
}

WIDE static void softmax_rows(const float *x, float *y, int64_t rows, int64_t width) {
  float largest[1024], sums[1024];
  for (int64_t first = 0; first < rows; first += rows_at_once(width)) {
    int64_t count = rows - first < rows_at_once(width) ? rows - first : rows_at_once(width);
    exponentiate(x + first * width, y + first * width, count, width, largest, sums);
    for (int64_t row = first; row < first + count; row++) {
      float *to = y + row * width, factor = 1 / sums[row - first];
      EACH for (int64_t i = 0; i < width; i++) to[i] *= factor;
    }
  }
}

WIDE static void softmax_gradient_rows(const float *g, const float *y, float *dx, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; row++, g += width, y += width, dx += width) {
    float product = sum_of_products(g, y, width);
    EACH for (int64_t i = 0; i < width; i++) dx[i] = y[i] * (g[i] - product);
  }
}

WIDE static void log_softmax_rows(const float *x, float *y, int64_t rows, int64_t width) {
  float largest[1024], sums[1024];
  for (int64_t first = 0; first < rows; first += rows_at_once(width)) {
    int64_t count = rows - first < rows_at_once(width) ? rows - first : rows_at_once(width);
    exponentiate(x + first * width, y + first * width, count, width, largest, sums);
    for (int64_t row = first; row < first + count; row++) {
      const float *from = x + row * width;
      float *to = y + row * width, top = largest[row - first], log_sum = lane_log(sums[row - first]);
      EACH for (int64_t i = 0; i < width; i++) to[i] = (from[i] - top) - log_sum;
    }
  }
}

WIDE static void log_softmax_gradient_rows(const float *g, const float *y, float *dx, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; row++, g += width, y += width, dx += width) {
    float sum = sum_of(g, width);
    EACH for (int64_t i = 0; i < width; i++) dx[i] = g[i] - lane_exp(y[i]) * sum;
  }
}

enum { narrow = 16, rows_side_by_side = 64 };

// Narrow rows stand side by side, a lane for each, so that logarithms and all else fill vector registers; lanes beyond
// the last row hold zeros.
INLINE void cross_entropy_of_narrow(const float *x, const int32_t *labels, float *losses, float *gradient, int64_t rows,
                                    int64_t width) {
  float e[narrow][rows_side_by_side], largest[rows_side_by_side], sum[rows_side_by_side], log_sum[rows_side_by_side];
  int64_t lanes = (rows + 7) / 8 * 8;
  __builtin_assume(lanes % 8 == 0);
  for (int64_t i = 0; i < width; i++) {
    for (int64_t row = 0; row < rows; row++) e[i][row] = x[row * width + i];
    for (int64_t row = rows; row < lanes; row++) e[i][row] = 0;
  }
  for (int64_t row = 0; row < lanes; row++) largest[row] = e[0][row], sum[row] = 0;
  for (int64_t i = 1; i < width; i++) {
    for (int64_t row = 0; row < lanes; row++) largest[row] = e[i][row] > largest[row] ? e[i][row] : largest[row];
  }
  for (int64_t i = 0; i < width; i++) {
    for (int64_t row = 0; row < lanes; row++) {
      float v = lane_exp(e[i][row] - largest[row]);
      e[i][row] = v;
      sum[row] += v;
    }
  }
  for (int64_t row = 0; row < lanes; row++) {
    log_sum[row] = lane_log(sum[row]);
    sum[row] = 1 / sum[row];
  }
  for (int64_t i = 0; i < width; i++) {
    for (int64_t row = 0; row < lanes; row++) e[i][row] *= sum[row];
    for (int64_t row = 0; row < rows; row++) gradient[row * width + i] = e[i][row];
  }
  for (int64_t row = 0; row < rows; row++) {
    int64_t at = row * width + labels[row];
    losses[row] = log_sum[row] - (x[at] - largest[row]);
    gradient[at] -= 1;
  }
}

WIDE static void cross_entropy_rows(const float *x, const int32_t *labels, float *losses, float *gradient, int64_t rows,
                                    int64_t width) {
  for (int64_t first = 0; width <= narrow && first < rows; first += rows_side_by_side) {
    int64_t count = rows - first < rows_side_by_side ? rows - first : rows_side_by_side, at = first * width;
    cross_entropy_of_narrow(x + at, labels + first, losses + first, gradient + at, count, width);
  }
  if (width <= narrow) return;
  float largest[1024], sums[1024];
  for (int64_t first = 0; first < rows; first += rows_at_once(width)) {
    int64_t count = rows - first < rows_at_once(width) ? rows - first : rows_at_once(width);
    exponentiate(x + first * width, gradient + first * width, count, width, largest, sums);
    for (int64_t row = first; row < first + count; row++) {
      float *to = gradient + row * width, sum = sums[row - first], factor = 1 / sum;
      losses[row] = lane_log(sum) - (x[row * width + labels[row]] - largest[row - first]);
      EACH for (int64_t i = 0; i < width; i++) to[i] *= factor;
      to[labels[row]] -= 1;
    }
  }
}

struct task {
  const float *a, *b;
  const int32_t *labels;
  float *losses, *y;
  int64_t rows, width;
  int parts;
};

// Numbers from which rows are shared among threads: about 100 microseconds of work.
enum { long_from = 1 << 18 };

#define PART(name, call)                              \
  static void name##_part(void *context, int part) { \
    struct task *task = context;                      \
    slice piece = even_slice_of(task->rows, part, task->parts);    \
    int64_t at = piece.start * task->width;           \
    call;                                             \
  }

PART(softmax, softmax_rows(task->a + at, task->y + at, piece.count, task->width))
PART(softmax_gradient, softmax_gradient_rows(task->a + at, task->b + at, task->y + at, piece.count, task->width))
PART(log_softmax, log_softmax_rows(task->a + at, task->y + at, piece.count, task->width))
PART(log_softmax_gradient,
     log_softmax_gradient_rows(task->a + at, task->b + at, task->y + at, piece.count, task->width))
PART(cross_entropy, cross_entropy_rows(task->a + at, task->labels + piece.start, task->losses + piece.start,
                                       task->y + at, piece.count, task->width))

static void run(void (*part)(void *, int), struct task task) {
  if (task.width == 0) return;
  task.parts = task.rows * task.width >= long_from ? slices : 1;
  team_share(task.parts, part, &task);
}

void vector_softmax(const float *x, float *y, int64_t rows, int64_t width) {
  run(softmax_part, (struct task){x, 0, 0, 0, y, rows, width, 1});
}

void vector_softmax_gradient(const float *g, const float *y, float *dx, int64_t rows, int64_t width) {
  run(softmax_gradient_part, (struct task){g, y, 0, 0, dx, rows, width, 1});
}

void vector_log_softmax(const float *x, float *y, int64_t rows, int64_t width) {
  run(log_softmax_part, (struct task){x, 0, 0, 0, y, rows, width, 1});
}

void vector_log_softmax_gradient(const float *g, const float *y, float *dx, int64_t rows, int64_t width) {
  run(log_softmax_gradient_part, (struct task){g, y, 0, 0, dx, rows, width, 1});
}

void vector_cross_entropy(const float *x, const int32_t *labels, float *losses, float *gradient, int64_t rows,
                          int64_t width) {
  run(cross_entropy_part, (struct task){x, 0, labels, losses, gradient, rows, width, 1});
}
