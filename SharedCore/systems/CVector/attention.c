// The softmax of attention on blocks of scores, and its derivative. The masked keys of a row, all behind the visible ones,
// get probability 0, so that a product over the whole block is right.
#include "lanes.h"
#include "vector.h"

INLINE int64_t visible(const vector_attention_block *b, int64_t row) {
  int64_t keys = b->first_visible + row;
  return b->is_causal && keys < b->keys ? keys : b->keys;
}

WIDE static void add(float *x, const float *y, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] += y[i];
}

WIDE static float largest(const float *x, int64_t count) {
  float lanes[32], result = -INFINITY;
  int64_t i = 0;
  for (int l = 0; l < 32; l++) lanes[l] = -INFINITY;
  for (; i + 32 <= count; i += 32)
    for (int l = 0; l < 32; l++) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
  for (int l = 0; l < 32; l++) result = lanes[l] > result ? lanes[l] : result;
  for (; i < count; i++) result = x[i] > result ? x[i] : result;
  return result;
}

// x[i] = exp(x[i] - shift); returns their sum.
WIDE static float exponentials(float *x, int64_t count, float shift) {
  float lanes[32] = {0}, sum = 0;
  int64_t i = 0;
  for (; i + 32 <= count; i += 32)
    for (int l = 0; l < 32; l++) {
      x[i + l] = lane_exp(x[i + l] - shift);
      lanes[l] += x[i + l];
    }
  for (int l = 0; l < 32; l++) sum += lanes[l];
  for (; i < count; i++) {
    x[i] = lane_exp(x[i] - shift);
    sum += x[i];
  }
  return sum;
}

WIDE static void scale(float *x, int64_t count, float factor) {
  for (int64_t i = 0; i < count; i++) x[i] *= factor;
}

WIDE static float dot(const float *x, const float *y, int64_t count) {
  float lanes[32] = {0}, sum = 0;
  int64_t i = 0;
  for (; i + 32 <= count; i += 32)
    for (int l = 0; l < 32; l++) lanes[l] += x[i + l] * y[i + l];
  for (int l = 0; l < 32; l++) sum += lanes[l];
  for (; i < count; i++) sum += x[i] * y[i];
  return sum;
}

// dp[i] = factor p[i] (dp[i] - product)
WIDE static void score_gradient(const float *p, float *dp, int64_t count, float factor, float product) {
  EACH for (int64_t i = 0; i < count; i++) dp[i] = factor * p[i] * (dp[i] - product);
}

static void clear(float *x, int64_t count) { memset(x, 0, (size_t)count * sizeof *x); }

// The pattern as it begins at a row's first place, which is a multiple of 32.
static vector_dropout_pattern pattern_of_row(const vector_attention_block *b, int64_t row) {
  vector_dropout_pattern pattern = *b->dropout;
  pattern.first += (uint32_t)((b->first_place + row * b->places_of_row) / 2);
  return pattern;
}

void vector_attention_probabilities(const vector_attention_block *b, float *scores, float *log_sums) {
  for (int64_t row = 0; row < b->rows; row++) {
    float *s = scores + row * b->keys;
    int64_t seen = visible(b, row);
    if (b->bias) add(s, b->bias + row * b->row_of_bias, seen);
    float most = largest(s, seen);
    if (most == -INFINITY) {
      log_sums[row] = INFINITY;
      clear(s, b->keys);
      continue;
    }
    float sum = exponentials(s, seen, most);
    log_sums[row] = most + logf(sum);
    scale(s, seen, 1 / sum);
    if (b->dropout) {
      vector_dropout_pattern pattern = pattern_of_row(b, row);
      vector_dropout(s, s, seen, &pattern);
    }
    clear(s + seen, b->keys - seen);
  }
}

void vector_attention_gradient(const vector_attention_block *b, float *scores, float *dp, const float *log_sums,
                               const float *g, const float *o, int64_t row_of_o, int64_t features, float factor) {
  for (int64_t row = 0; row < b->rows; row++) {
    float *s = scores + row * b->keys, *d = dp + row * b->keys;
    int64_t seen = visible(b, row);
    if (b->bias) add(s, b->bias + row * b->row_of_bias, seen);
    exponentials(s, seen, log_sums[row]);
    float product = dot(g + row * row_of_o, o + row * row_of_o, features);
    vector_dropout_pattern pattern;
    if (b->dropout) {
      pattern = pattern_of_row(b, row);
      vector_dropout(d, d, seen, &pattern);
    }
    score_gradient(s, d, seen, factor, product);
    if (b->dropout) vector_dropout(s, s, seen, &pattern);
    clear(s + seen, b->keys - seen);
    clear(d + seen, b->keys - seen);
  }
}
