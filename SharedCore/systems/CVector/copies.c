// Copies through a view, and back; rows moved by indices.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

typedef float eight __attribute__((ext_vector_type(8)));

// The steps of a walk through all dimensions but those that a unit of work does itself, whose size is put to 1.
typedef struct {
  int64_t rank, sizes[8], steps_x[8], steps_y[8];
} odometer;

// y[to + i] = x[from + i step] for a row.
INLINE void read_row(const float *x, int64_t step, float *y, int64_t count) {
  if (step == 1) {
    memcpy(y, x, (size_t)count * 4);
  } else if (step == 0) {
    float v = *x;
    EACH for (int64_t i = 0; i < count; i++) y[i] = v;
  } else {
    for (int64_t i = 0; i < count; i++) y[i] = x[i * step];
  }
}

INLINE void add_row(const float *x, float *y, int64_t step, int64_t count) {
  if (step == 1) {
    EACH for (int64_t i = 0; i < count; i++) y[i] += x[i];
  } else if (step == 0) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += (double)x[i];
    *y += (float)sum;
  } else {
    for (int64_t i = 0; i < count; i++) y[i * step] += x[i];
  }
}

// Eight rows of eight numbers become its columns: neighbours, pairs and halves change places in turn.
INLINE void transpose_tile(const float *x, int64_t row_of_x, float *y, int64_t row_of_y) {
  eight r[8], s[8];
  for (int i = 0; i < 8; i++) memcpy(&r[i], x + i * row_of_x, sizeof r[i]);
  for (int i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = i; j < i + 2; j++) {
      r[j] = __builtin_shufflevector(s[j], s[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      r[j + 2] = __builtin_shufflevector(s[j], s[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int j = 0; j < 4; j++) {
    s[j] = __builtin_shufflevector(r[j], r[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    s[j + 4] = __builtin_shufflevector(r[j], r[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (int i = 0; i < 8; i++) memcpy(y + i * row_of_y, &s[i], sizeof s[i]);
}

// y[i row_of_y + j] = x[j row_of_x + i] for a tile of at most eight by eight.
INLINE void transpose_edge(const float *x, int64_t row_of_x, float *y, int64_t row_of_y, int64_t rows, int64_t columns) {
  if (rows >= 8 && columns >= 8) return transpose_tile(x, row_of_x, y, row_of_y);
  for (int64_t i = 0; i < rows && i < 8; i++) {
    for (int64_t j = 0; j < columns && j < 8; j++) y[i * row_of_y + j] = x[j * row_of_x + i];
  }
}

// The same for `rows` rows of y. Four tiles at a time use every line of memory that they touch as a whole: where rows are
// a power of 2 apart, the caches do not keep a line until it is touched again.
INLINE void transpose(const float *x, int64_t row_of_x, float *y, int64_t row_of_y, int64_t rows, int64_t columns) {
  for (int64_t j = 0; j < columns; j += 16) {
    for (int64_t i = 0; i < rows; i += 16) {
      for (int64_t l = j; l < j + 16 && l < columns; l += 8) {
        for (int64_t k = i; k < i + 16 && k < rows; k += 8) {
          transpose_edge(x + l * row_of_x + k, row_of_x, y + k * row_of_y + l, row_of_y, rows - k, columns - l);
        }
      }
    }
  }
}

struct task {
  const float *x;
  float *y;
  odometer walk;
  int64_t units;
  // of one unit
  int64_t step, width;           // a row
  int64_t row_of_y, rows_of_y;   // a transposition: `rows_of_y` rows of `width` numbers
  int parts;
};

// Calls `body` for the units of a part; at_x and at_y are where each begins.
#define EACH_UNIT(task, part, body)                                               \
  do {                                                                            \
    slice piece = even_slice_of((task)->units, part, (task)->parts);              \
    const odometer *walk = &(task)->walk;                                         \
    int64_t turns[8] = {0}, at_x = 0, at_y = 0, left = piece.start;               \
    for (int d = 0; d < walk->rank; d++) {                                        \
      turns[d] = left % walk->sizes[d];                                           \
      left /= walk->sizes[d];                                                     \
      at_x += turns[d] * walk->steps_x[d];                                        \
      at_y += turns[d] * walk->steps_y[d];                                        \
    }                                                                             \
    for (int64_t unit = 0; unit < piece.count; unit++) {                          \
      body;                                                                       \
      for (int d = 0; d < walk->rank; d++) {                                      \
        at_x += walk->steps_x[d];                                                 \
        at_y += walk->steps_y[d];                                                 \
        if (++turns[d] < walk->sizes[d]) break;                                   \
        at_x -= walk->steps_x[d] * walk->sizes[d];                                \
        at_y -= walk->steps_y[d] * walk->sizes[d];                                \
        turns[d] = 0;                                                             \
      }                                                                           \
    }                                                                             \
  } while (0)

WIDE static void read_rows_part(void *context, int part) {
  struct task *t = context;
  EACH_UNIT(t, part, read_row(t->x + at_x, t->step, t->y + at_y, t->width));
}

WIDE static void transpose_part(void *context, int part) {
  struct task *t = context;
  EACH_UNIT(t, part, transpose(t->x + at_x, t->step, t->y + at_y, t->row_of_y, t->rows_of_y, t->width));
}

WIDE static void add_rows_part(void *context, int part) {
  struct task *t = context;
  EACH_UNIT(t, part, add_row(t->x + at_x, t->y + at_y, t->step, t->width));
}

// All dimensions of a view, with the steps of a tensor that lies in the order of the walk.
static odometer walk_of(const vector_view *view) {
  odometer walk = {.rank = view->rank};
  int64_t step = 1;
  for (int d = 0; d < view->rank; d++) {
    walk.sizes[d] = view->sizes[d], walk.steps_x[d] = view->steps[d], walk.steps_y[d] = step;
    step *= view->sizes[d];
  }
  return walk;
}

static int64_t units_of(const odometer *walk) {
  int64_t units = 1;
  for (int d = 0; d < walk->rank; d++) units *= walk->sizes[d];
  return units;
}

void vector_read(const float *x, float *y, const vector_view *view) {
  odometer walk = walk_of(view);
  int64_t count = units_of(&walk), inner = view->rank > 0 ? view->sizes[0] : 1;
  struct task task = {.x = x + view->start, .y = y, .step = view->rank > 0 ? view->steps[0] : 1, .width = inner};
  task.parts = count >= 1 << 20 ? slices : 1;
  int across = 0;  // the dimension along which x has neighbours, where that is not the inner one
  for (int d = 1; d < view->rank; d++) across = view->steps[d] == 1 && view->sizes[d] >= 8 ? d : across;
  void (*part)(void *, int) = read_rows_part;
  if (across > 0 && inner > 1) {
    part = transpose_part;
    task.row_of_y = walk.steps_y[across], task.rows_of_y = walk.sizes[across];
    // in strips of 64 rows, so that there are units to share and a strip stays in the nearest cache
    if (task.rows_of_y % 64 == 0 && walk.rank < 8) {
      task.rows_of_y = 64;
      walk.sizes[across] /= 64, walk.steps_x[across] *= 64, walk.steps_y[across] *= 64;
    } else {
      walk.sizes[across] = 1;
    }
  }
  if (walk.rank > 0) walk.sizes[0] = 1;
  task.walk = walk, task.units = units_of(&walk);
  team_share(task.parts, part, &task);
}

void vector_add_through(const float *x, float *y, const vector_view *view) {
  odometer walk = walk_of(view);
  // here x lies in the order of the walk and y is walked through
  for (int d = 0; d < walk.rank; d++) {
    int64_t step = walk.steps_x[d];
    walk.steps_x[d] = walk.steps_y[d], walk.steps_y[d] = step;
  }
  struct task task = {.x = x, .y = y + view->start, .step = view->rank > 0 ? view->steps[0] : 1,
                      .width = view->rank > 0 ? view->sizes[0] : 1, .parts = 1};
  if (walk.rank > 0) walk.sizes[0] = 1;
  task.walk = walk, task.units = units_of(&walk);
  add_rows_part(&task, 0);  // places may be met more than once: never on two threads
}

void vector_place(const float *x, float *y, int64_t rows, int64_t width, int64_t step) {
  if (width == step) return (void)memcpy(y, x, (size_t)(rows * width) * 4);
  for (int64_t row = 0; row < rows; row++) memcpy(y + row * step, x + row * width, (size_t)width * 4);
}

void vector_take(const float *x, const int32_t *indices, float *y, int64_t outer, int64_t count, int64_t inner,
                 int64_t taken) {
  for (int64_t o = 0; o < outer; o++, x += count * inner) {
    for (int64_t j = 0; j < taken; j++, y += inner) memcpy(y, x + indices[j] * inner, (size_t)inner * 4);
  }
}

WIDE void vector_add_taken(const float *x, const int32_t *indices, float *y, int64_t outer, int64_t count, int64_t inner,
                           int64_t taken) {
  for (int64_t o = 0; o < outer; o++, y += count * inner) {
    for (int64_t j = 0; j < taken; j++, x += inner) add_row(x, y + indices[j] * inner, 1, inner);
  }
}
