// Normalisation by channel of images with the channels last: a matrix of rows, one a place, and columns, one a channel.
#include <stdlib.h>

#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

// Few channels would make short loops, so several rows are seen as one: `times` copies of what belongs to a channel
// stand side by side.
enum { wide = 64, block = 32, small = 1 << 15 };

typedef struct {
  int64_t channels, width, rows;  // width: channels times as many copies as fit; rows: of that width, the last may be short
  int64_t count;
} matrix;

static matrix matrix_of(int64_t rows, int64_t channels) {
  int64_t times = channels >= wide ? 1 : wide / (channels ? channels : 1);
  matrix m = {.channels = channels, .width = channels * times, .count = rows * channels};
  m.rows = m.width ? (m.count + m.width - 1) / m.width : 0;
  return m;
}

static float *repeated(const matrix *m, const float *numbers) {
  float *copy = malloc(sizeof(float) * (size_t)m->width);
  if (!copy) abort();
  for (int64_t i = 0; i < m->width; i++) copy[i] = numbers ? numbers[i % m->channels] : 0;
  return copy;
}

static int parts_of(const matrix *m) { return m->count < small ? 1 : slices; }

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// The numbers of slice `part`, whole rows.
static slice numbers_of(const matrix *m, int part) {
  slice rows = even_slice_of(m->rows, part, parts_of(m));
  int64_t start = rows.start * m->width;
  return (slice){start, least(rows.count * m->width, m->count - start)};
}

// Sums of x - shift and of its square, or of g and of g (x - shift); a block in single, the blocks in double precision.
typedef struct {
  matrix m;
  const float *g, *x, *shift;
  double *first, *second;  // slices x width
} sums_job;

WIDE static void add_block(const float *x, const float *shift, float *s, float *q, int64_t rows, int64_t width) {
  for (int64_t r = 0; r < rows; r++, x += width) {
    EACH for (int64_t i = 0; i < width; i++) {
      float d = x[i] - shift[i];
      s[i] += d;
      q[i] += d * d;
    }
  }
}

WIDE static void add_product_block(const float *g, const float *x, const float *shift, float *s, float *q, int64_t rows,
                                   int64_t width) {
  for (int64_t r = 0; r < rows; r++, g += width, x += width) {
    EACH for (int64_t i = 0; i < width; i++) {
      s[i] += g[i];
      q[i] += g[i] * (x[i] - shift[i]);
    }
  }
}

static void sum_slice(void *context, int part) {
  sums_job *job = context;
  const matrix *m = &job->m;
  int64_t width = m->width;
  slice numbers = numbers_of(m, part);
  double *first = job->first + part * width, *second = job->second + part * width;
  float *s = malloc(sizeof(float) * 2 * (size_t)width), *q = s + width;
  if (!s) abort();
  for (int64_t i = 0; i < width; i++) first[i] = second[i] = 0;
  for (int64_t done = 0; done < numbers.count;) {
    int64_t left = numbers.count - done, at = numbers.start + done;
    int64_t rows = left >= width ? least(block, left / width) : 1, w = left >= width ? width : left;
    for (int64_t i = 0; i < w; i++) s[i] = q[i] = 0;
    if (job->g) add_product_block(job->g + at, job->x + at, job->shift, s, q, rows, w);
    else add_block(job->x + at, job->shift, s, q, rows, w);
    for (int64_t i = 0; i < w; i++) first[i] += s[i], second[i] += q[i];
    done += rows * w;
  }
  free(s);
}

// The sums of every channel, in `first` and `second`.
static void sum_channels(const matrix *m, const float *g, const float *x, const float *shift, double *first,
                         double *second) {
  int parts = parts_of(m);
  double *both = malloc(sizeof(double) * 2 * (size_t)(parts * m->width));
  float *shifts = repeated(m, shift);
  if (!both) abort();
  sums_job job = {*m, g, x, shifts, both, both + parts * m->width};
  team_share(parts, sum_slice, &job);
  for (int64_t c = 0; c < m->channels; c++) first[c] = second[c] = 0;
  for (int64_t i = 0; i < parts * m->width; i++) {
    first[i % m->width % m->channels] += job.first[i];
    second[i % m->width % m->channels] += job.second[i];
  }
  free(shifts), free(both);
}

void vector_channel_statistics(const float *x, float *means, float *variances, int64_t rows, int64_t channels) {
  matrix m = matrix_of(rows, channels);
  // Squares are taken around a number near the mean, or their sum would lose what makes the variance.
  enum { samples = 16 };
  for (int64_t c = 0; c < channels; c++) {
    double sum = 0;
    for (int64_t i = 0; i < samples && rows; i++) sum += x[rows * i / samples * channels + c];
    means[c] = (float)(sum / samples);
  }
  double *first = malloc(sizeof(double) * 2 * (size_t)channels), *second = first + channels;
  if (!first) abort();
  sum_channels(&m, 0, x, means, first, second);
  for (int64_t c = 0; c < channels; c++) {
    double n = rows ? (double)rows : 1, mean = first[c] / n, variance = second[c] / n - mean * mean;
    means[c] = (float)(means[c] + mean);
    variances[c] = (float)(variance < 0 ? 0 : variance);
  }
  free(first);
}

void vector_channel_products(const float *g, const float *x, const float *means, const float *scales, float *dweight,
                             float *dbias, int64_t rows, int64_t channels) {
  matrix m = matrix_of(rows, channels);
  double *first = malloc(sizeof(double) * 2 * (size_t)channels), *second = first + channels;
  if (!first) abort();
  sum_channels(&m, g, x, means, first, second);
  for (int64_t c = 0; c < channels; c++) {
    dweight[c] = (float)(second[c] * scales[c]);
    dbias[c] = (float)first[c];
  }
  free(first);
}

typedef struct {
  matrix m;
  const float *g, *x;
  const float *a, *b, *c, *d;
  float *y;
} map_job;

// y = (x - a) b + c.
WIDE static void norm_rows(const float *x, const float *a, const float *b, const float *c, float *y, int64_t rows,
                           int64_t width) {
  for (int64_t r = 0; r < rows; r++, x += width, y += width) {
    EACH for (int64_t i = 0; i < width; i++) y[i] = (x[i] - a[i]) * b[i] + c[i];
  }
}

// dx = b (g - c - (x - a) d).
WIDE static void gradient_rows(const float *g, const float *x, const float *a, const float *b, const float *c,
                               const float *d, float *y, int64_t rows, int64_t width) {
  for (int64_t r = 0; r < rows; r++, g += width, x += width, y += width) {
    EACH for (int64_t i = 0; i < width; i++) y[i] = b[i] * (g[i] - c[i] - (x[i] - a[i]) * d[i]);
  }
}

static void map_slice(void *context, int part) {
  map_job *j = context;
  slice numbers = numbers_of(&j->m, part);
  int64_t width = j->m.width, rows = numbers.count / width, rest = numbers.count % width;
  for (int tail = 0; tail < 2; tail++) {
    int64_t at = numbers.start + (tail ? rows * width : 0), r = tail ? rest > 0 : rows, w = tail ? rest : width;
    if (j->g) gradient_rows(j->g + at, j->x + at, j->a, j->b, j->c, j->d, j->y + at, r, w);
    else norm_rows(j->x + at, j->a, j->b, j->c, j->y + at, r, w);
  }
}

static void map_channels(int64_t rows, int64_t channels, const float *g, const float *x, const float *a, const float *b,
                         const float *c, const float *d, float *y) {
  matrix m = matrix_of(rows, channels);
  if (!m.count) return;
  map_job job = {m, g, x, repeated(&m, a), repeated(&m, b), repeated(&m, c), repeated(&m, d), y};
  team_share(parts_of(&m), map_slice, &job);
  free((void *)job.a), free((void *)job.b), free((void *)job.c), free((void *)job.d);
}

void vector_channel_norm(const float *x, const float *means, const float *factors, const float *shifts, float *y,
                         int64_t rows, int64_t channels) {
  map_channels(rows, channels, 0, x, means, factors, shifts, 0, y);
}

void vector_channel_norm_gradient(const float *g, const float *x, const float *means, const float *factors,
                                  const float *mean_g, const float *slopes, float *dx, int64_t rows, int64_t channels) {
  map_channels(rows, channels, g, x, means, factors, mean_g, slopes, dx);
}
