// Rows normalised by their own mean and variance: layer, group, instance and RMS norm. Sums in double precision.
#include "slices.h"
#include "sums.h"
#include "team.h"
#include "vector.h"

// A piece of a row in which either every number has the weight j (shared) or number i has the weight j + i.
typedef struct {
  int64_t start, count, j;
  int shared;
} piece;

INLINE int64_t pieces_of(const vector_row_norm *s) { return s->shared > 1 ? s->width / s->shared : 1; }

INLINE piece piece_of(const vector_row_norm *s, int64_t row, int64_t number) {
  int64_t pieces = pieces_of(s), place = row % s->cycle;
  if (s->shared > 1) return (piece){number * s->shared, s->shared, place * pieces + number, 1};
  return (piece){0, s->width, place * s->width, 0};
}

INLINE double squared_distances(const float *x, double mean, int64_t count) {
  double total;
  LANE_SUM(total, x, x, count, (v - mean) * (v - mean));
  return total;
}

INLINE double products_of_distances(const float *g, const float *x, double mean, int64_t count) {
  double total;
  LANE_SUM(total, g, x, count, v * (w - mean));
  return total;
}

struct task {
  const float *g, *x, *weight, *bias, *means_in, *scales_in;
  float *y, *means, *scales, *dweight, *dbias;
  const vector_row_norm *shape;
  int parts;
};

WIDE static void forward_rows(const struct task *t, int64_t first, int64_t rows) {
  const vector_row_norm *s = t->shape;
  double divisor = s->width > 0 ? (double)s->width : 1;
  for (int64_t row = first; row < first + rows; row++) {
    const float *x = t->x + row * s->width;
    float *y = t->y + row * s->width;
    double mean = s->is_centred ? lane_sum(x, s->width) / divisor : 0;
    double variance = squared_distances(x, mean, s->width) / divisor;
    float centre = (float)mean, scale = (float)(1 / sqrt(variance + (double)s->epsilon));
    t->means[row] = centre, t->scales[row] = scale;
    for (int64_t number = 0; number < pieces_of(s); number++) {
      piece p = piece_of(s, row, number);
      const float *from = x + p.start, *w = t->weight ? t->weight + p.j : 0, *b = t->bias ? t->bias + p.j : 0;
      float *to = y + p.start;
      if (p.shared || !t->weight) {
        float factor = t->weight ? *w : 1, added = t->bias ? *b : 0;
        EACH for (int64_t i = 0; i < p.count; i++) to[i] = (from[i] - centre) * scale * factor + added;
      } else if (!t->bias) {
        EACH for (int64_t i = 0; i < p.count; i++) to[i] = (from[i] - centre) * scale * w[i];
      } else {
        EACH for (int64_t i = 0; i < p.count; i++) to[i] = (from[i] - centre) * scale * w[i] + b[i];
      }
    }
  }
}

// h = g weight is made in the place of dx, so that its sums and the formula read neighbours.
WIDE static void input_gradient_rows(const struct task *t, int64_t first, int64_t rows) {
  const vector_row_norm *s = t->shape;
  for (int64_t row = first; row < first + rows; row++) {
    const float *g = t->g + row * s->width, *x = t->x + row * s->width;
    float *dx = t->y + row * s->width, mean = t->means_in[row], scale = t->scales_in[row];
    for (int64_t number = 0; number < pieces_of(s); number++) {
      piece p = piece_of(s, row, number);
      const float *from = g + p.start, *w = t->weight ? t->weight + p.j : 0;
      float *to = dx + p.start;
      if (p.shared || !t->weight) {
        float factor = t->weight ? *w : 1;
        EACH for (int64_t i = 0; i < p.count; i++) to[i] = from[i] * factor;
      } else {
        EACH for (int64_t i = 0; i < p.count; i++) to[i] = from[i] * w[i];
      }
    }
    float mean_h = s->is_centred ? (float)(lane_sum(dx, s->width) / (double)s->width) : 0;
    double product = products_of_distances(dx, x, mean, s->width) * (double)scale;
    float mean_hx = (float)(product / (double)s->width);
    EACH for (int64_t i = 0; i < s->width; i++) {
      dx[i] = scale * (dx[i] - mean_h - (x[i] - mean) * scale * mean_hx);
    }
  }
}

// Weights that every number of a piece shares: a sum for each piece.
WIDE static void shared_gradients(const struct task *t) {
  const vector_row_norm *s = t->shape;
  for (int64_t row = 0; row < s->rows; row++) {
    const float *g = t->g + row * s->width, *x = t->x + row * s->width;
    for (int64_t number = 0; number < pieces_of(s); number++) {
      piece p = piece_of(s, row, number);
      double product = products_of_distances(g + p.start, x + p.start, t->means_in[row], p.count);
      t->dweight[p.j] += (float)(product * (double)t->scales_in[row]);
      if (t->dbias) t->dbias[p.j] += (float)lane_sum(g + p.start, p.count);
    }
  }
}

// Weights of which each number of a row has its own: some columns, row by row into the sums.
WIDE static void column_gradients(const struct task *t, int64_t first, int64_t columns) {
  const vector_row_norm *s = t->shape;
  for (int64_t row = 0; row < s->rows; row++) {
    const float *g = t->g + row * s->width + first, *x = t->x + row * s->width + first;
    float mean = t->means_in[row], scale = t->scales_in[row];
    float *dweight = t->dweight + row % s->cycle * s->width + first;
    float *dbias = t->dbias ? t->dbias + row % s->cycle * s->width + first : 0;
    if (dbias) {
      EACH for (int64_t i = 0; i < columns; i++) {
        dweight[i] += g[i] * ((x[i] - mean) * scale);
        dbias[i] += g[i];
      }
    } else {
      EACH for (int64_t i = 0; i < columns; i++) dweight[i] += g[i] * ((x[i] - mean) * scale);
    }
  }
}

static void forward_part(void *context, int part) {
  struct task *t = context;
  slice rows = even_slice_of(t->shape->rows, part, t->parts);
  forward_rows(t, rows.start, rows.count);
}

static void input_gradient_part(void *context, int part) {
  struct task *t = context;
  slice rows = even_slice_of(t->shape->rows, part, t->parts);
  input_gradient_rows(t, rows.start, rows.count);
}

static void column_gradients_part(void *context, int part) {
  struct task *t = context;
  slice columns = slice_of(t->shape->width, part, t->parts);
  column_gradients(t, columns.start, columns.count);
}

static int is_long(const vector_row_norm *shape) { return shape->rows * shape->width >= 1 << 19; }

void vector_row_norm_forward(const float *x, const float *weight, const float *bias, float *y, float *means,
                             float *scales, const vector_row_norm *shape) {
  struct task task = {.x = x, .weight = weight, .bias = bias, .y = y, .means = means, .scales = scales,
                      .shape = shape, .parts = is_long(shape) ? slices : 1};
  team_share(task.parts, forward_part, &task);
}

void vector_row_norm_input_gradient(const float *g, const float *x, const float *weight, const float *means,
                                    const float *scales, float *dx, const vector_row_norm *shape) {
  struct task task = {.g = g, .x = x, .weight = weight, .means_in = means, .scales_in = scales, .y = dx,
                      .shape = shape, .parts = is_long(shape) ? slices : 1};
  team_share(task.parts, input_gradient_part, &task);
}

void vector_row_norm_parameter_gradients(const float *g, const float *x, const float *means, const float *scales,
                                         float *dweight, float *dbias, const vector_row_norm *shape) {
  int64_t weights = shape->cycle * shape->width / (shape->shared > 1 ? shape->shared : 1);
  for (int64_t j = 0; j < weights; j++) dweight[j] = 0;
  for (int64_t j = 0; dbias && j < weights; j++) dbias[j] = 0;
  struct task task = {.g = g, .x = x, .means_in = means, .scales_in = scales, .dweight = dweight, .dbias = dbias,
                      .shape = shape, .parts = is_long(shape) ? team_threads() : 1};
  if (shape->shared > 1) return shared_gradients(&task);
  team_share(task.parts, column_gradients_part, &task);
}
