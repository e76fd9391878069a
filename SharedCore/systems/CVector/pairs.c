// Functions of two numbers, with operands broadcast against each other.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

typedef void (*row_loop)(const float *a, int64_t step_a, const float *b, int64_t step_b, float *y, int64_t count);

// A row of results. Steps of 0 and 1, which nearly all have, get loops of their own.
#define PAIR(name, value)                                                                                        \
  WIDE static void name##_row(const float *a, int64_t step_a, const float *b, int64_t step_b, float *y,          \
                              int64_t count) {                                                                   \
    if (step_a == 1 && step_b == 1) {                                                                            \
      EACH for (int64_t i = 0; i < count; i++) {                                                                 \
        float v = a[i], w = b[i];                                                                                \
        y[i] = value;                                                                                            \
      }                                                                                                          \
    } else if (step_a == 1 && step_b == 0) {                                                                     \
      float w = *b;                                                                                              \
      EACH for (int64_t i = 0; i < count; i++) {                                                                 \
        float v = a[i];                                                                                          \
        y[i] = value;                                                                                            \
      }                                                                                                          \
    } else if (step_a == 0 && step_b == 1) {                                                                     \
      float v = *a;                                                                                              \
      EACH for (int64_t i = 0; i < count; i++) {                                                                 \
        float w = b[i];                                                                                          \
        y[i] = value;                                                                                            \
      }                                                                                                          \
    } else {                                                                                                     \
      for (int64_t i = 0; i < count; i++) {                                                                      \
        float v = a[i * step_a], w = b[i * step_b];                                                              \
        y[i] = value;                                                                                            \
      }                                                                                                          \
    }                                                                                                            \
  }

PAIR(add, v + w)
PAIR(subtract, v - w)
PAIR(multiply, v * w)
PAIR(divide, v / w)
PAIR(maximum, v != v || v > w ? v : w)  // a NaN wins
PAIR(minimum, v != v || v < w ? v : w)
PAIR(keep_where, w != 0 ? v : 0)
PAIR(share_of_larger, v < w ? 0 : v == w ? 0.5f : 1)

static const row_loop rows[] = {
    [VECTOR_ADD] = add_row,
    [VECTOR_SUBTRACT] = subtract_row,
    [VECTOR_MULTIPLY] = multiply_row,
    [VECTOR_DIVIDE] = divide_row,
    [VECTOR_MAXIMUM] = maximum_row,
    [VECTOR_MINIMUM] = minimum_row,
    [VECTOR_KEEP_WHERE] = keep_where_row,
    [VECTOR_SHARE_OF_LARGER] = share_of_larger_row,
};

struct task {
  row_loop row;
  const float *a, *b;
  float *y;
  const vector_broadcast *shape;
  int64_t count;  // of rows, or of numbers where there is one row
  int parts;
};

// Rows from `start` on, in the way of an odometer: the inner dimensions turn fastest.
static void combine_rows(const struct task *task, int64_t start, int64_t count) {
  const vector_broadcast *s = task->shape;
  int64_t place[8] = {0}, at_a = 0, at_b = 0, left = start;
  for (int d = 1; d < s->rank; d++) {
    place[d] = left % s->sizes[d];
    left /= s->sizes[d];
    at_a += place[d] * s->steps_a[d];
    at_b += place[d] * s->steps_b[d];
  }
  for (int64_t row = start; row < start + count; row++) {
    task->row(task->a + at_a, s->steps_a[0], task->b + at_b, s->steps_b[0], task->y + row * s->sizes[0], s->sizes[0]);
    for (int d = 1; d < s->rank; d++) {
      place[d]++;
      at_a += s->steps_a[d];
      at_b += s->steps_b[d];
      if (place[d] < s->sizes[d]) break;
      at_a -= s->steps_a[d] * s->sizes[d];
      at_b -= s->steps_b[d] * s->sizes[d];
      place[d] = 0;
    }
  }
}

static void combine_part(void *context, int part) {
  struct task *task = context;
  const vector_broadcast *s = task->shape;
  if (s->rank > 1) {
    slice piece = even_slice_of(task->count, part, task->parts);
    return combine_rows(task, piece.start, piece.count);
  }
  slice piece = slice_of(task->count, part, task->parts);
  task->row(task->a + piece.start * s->steps_a[0], s->steps_a[0], task->b + piece.start * s->steps_b[0],
            s->steps_b[0], task->y + piece.start, piece.count);
}

void vector_combine(vector_binary f, const float *a, const float *b, float *y, const vector_broadcast *shape) {
  int64_t around = 1;
  for (int d = 1; d < shape->rank; d++) around *= shape->sizes[d];
  int64_t width = shape->sizes[0];
  struct task task = {rows[f], a, b, y, shape, shape->rank > 1 ? around : width, around * width >= 1 << 20 ? slices : 1};
  team_share(task.parts, combine_part, &task);
}
