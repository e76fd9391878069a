// The product of a sparse with a dense matrix, a row of the result after the other.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

typedef struct {
  const int32_t *starts, *columns;
  const float *values, *x;
  float *y;
  int64_t rows, width;
} sparse_work;

WIDE static void sparse_rows(const sparse_work *work, int64_t first, int64_t last) {
  const int64_t width = work->width;
  for (int64_t r = first; r < last; r++) {
    float *restrict y = work->y + r * width;
    for (int64_t j = 0; j < width; j++) y[j] = 0;
    for (int32_t e = work->starts[r]; e < work->starts[r + 1]; e++) {
      const float value = work->values[e];
      const float *restrict x = work->x + work->columns[e] * width;
      for (int64_t j = 0; j < width; j++) y[j] += value * x[j];
    }
  }
}

static void sparse_slice(void *context, int part) {
  const sparse_work *work = context;
  slice s = even_slice_of(work->rows, part, slices);
  sparse_rows(work, s.start, s.start + s.count);
}

void vector_sparse_matmul(const int32_t *starts, const int32_t *columns, const float *values, const float *x, float *y,
                          int64_t rows, int64_t width) {
  sparse_work work = {starts, columns, values, x, y, rows, width};
  if (starts[rows] * width < 1 << 20) {
    sparse_rows(&work, 0, rows);
  } else {
    team_share(slices, sparse_slice, &work);
  }
}
