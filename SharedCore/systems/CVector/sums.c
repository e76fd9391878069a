// Sums along the middle dimension of [outer, count, inner], in double precision.
#include "sums.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

WIDE static double sum_of_run(const float *x, int64_t count) { return lane_sum(x, count); }

WIDE static double sum_of_squares(const float *x, int64_t count) { return lane_sum_of_products(x, x, count); }

enum { columns_at_once = 256 };

// y[i] = the sum of column i, four rows at a time so that the sums are fetched seldom.
WIDE static void sum_columns(const float *x, int64_t rows, int64_t step, float *y, int64_t columns) {
  double sums[columns_at_once];
  for (int64_t first = 0; first < columns; first += columns_at_once) {
    int64_t width = columns - first < columns_at_once ? columns - first : columns_at_once;
    const float *top = x + first;
    for (int64_t i = 0; i < width; i++) sums[i] = 0;
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) {
      const float *a = top + row * step, *b = a + step, *c = b + step, *d = c + step;
      for (int64_t i = 0; i < width; i++) sums[i] += ((double)a[i] + (double)b[i]) + ((double)c[i] + (double)d[i]);
    }
    for (; row < rows; row++) {
      for (int64_t i = 0; i < width; i++) sums[i] += (double)top[row * step + i];
    }
    for (int64_t i = 0; i < width; i++) y[first + i] = (float)sums[i];
  }
}

struct task {
  const float *x;
  float *y;
  int64_t outer, count, inner;
  int parts;
  double totals[slices];
};

static void rows_part(void *context, int part) {
  struct task *task = context;
  slice piece = even_slice_of(task->outer, part, task->parts);
  for (int64_t o = piece.start; o < piece.start + piece.count; o++) {
    task->y[o] = (float)sum_of_run(task->x + o * task->count, task->count);
  }
}

static void blocks_part(void *context, int part) {
  struct task *task = context;
  slice piece = even_slice_of(task->outer, part, task->parts);
  for (int64_t o = piece.start; o < piece.start + piece.count; o++) {
    sum_columns(task->x + o * task->count * task->inner, task->count, task->inner, task->y + o * task->inner, task->inner);
  }
}

// Columns do not depend on each other: as many parts as threads, so that rows stay long.
static void columns_part(void *context, int part) {
  struct task *task = context;
  slice piece = slice_of(task->inner, part, task->parts);
  sum_columns(task->x + piece.start, task->count, task->inner, task->y + piece.start, piece.count);
}

static void run_part(void *context, int part) {
  struct task *task = context;
  slice piece = slice_of(task->count, part, task->parts);
  task->totals[part] = sum_of_run(task->x + piece.start, piece.count);
}

static void squares_part(void *context, int part) {
  struct task *task = context;
  slice piece = slice_of(task->count, part, task->parts);
  task->totals[part] = sum_of_squares(task->x + piece.start, piece.count);
}

static double total_of(const struct task *task) {
  double total = 0;
  for (int part = 0; part < task->parts; part++) total += task->totals[part];
  return total;
}

enum { long_from = 1 << 20 };

void vector_sum(const float *x, float *y, int64_t outer, int64_t count, int64_t inner) {
  struct task task = {x, y, outer, count, inner, outer * count * inner >= long_from ? slices : 1, {0}};
  if (inner > 1 && outer == 1) {
    task.parts = task.parts > 1 ? team_threads() : 1;
    return team_share(task.parts, columns_part, &task);
  }
  if (inner > 1) return team_share(task.parts, blocks_part, &task);
  if (outer > 1) return team_share(task.parts, rows_part, &task);
  team_share(task.parts, run_part, &task);
  y[0] = (float)total_of(&task);
}

double vector_sum_of_squares(const float *x, int64_t count) {
  struct task task = {x, 0, 1, count, 1, count >= long_from ? slices : 1, {0}};
  team_share(task.parts, squares_part, &task);
  return total_of(&task);
}
