// One step of a recurrent layer for some samples: everything but the products.
#include "lanes.h"
#include "vector.h"

// From x, the input's part of the gates, and p, the state's, or 0.
WIDE static void lstm_forward(const float *x, const float *p, const float *before, float *gates, float *c, float *y,
                              int64_t h) {
  EACH for (int64_t j = 0; j < h; j++) {
    float i = lane_sigmoid(x[j] + p[j]), f = lane_sigmoid(x[h + j] + p[h + j]);
    float candidate = lane_tanh(x[2 * h + j] + p[2 * h + j]), o = lane_sigmoid(x[3 * h + j] + p[3 * h + j]);
    float cell = f * before[j] + i * candidate;
    gates[j] = i, gates[h + j] = f, gates[2 * h + j] = candidate, gates[3 * h + j] = o;
    c[j] = cell;
    y[j] = o * lane_tanh(cell);
  }
}

void vector_lstm_step(const vector_recurrent_step *step, const float *x, const float *before, int64_t row_of_before,
                      float *gates, float *c, float *y) {
  int64_t h = step->hidden;
  for (int64_t n = 0; n < step->samples; n++)
    lstm_forward(x + n * step->row * 4 * h, gates + n * step->row * 4 * h, before + n * row_of_before,
                 gates + n * step->row * 4 * h, c + n * step->row * h, y + n * step->row * h, h);
}

WIDE static void lstm_backward(const float *g, const float *gates, const float *c, const float *before, const float *dh,
                               float *dc, float *dx, int64_t h) {
  EACH for (int64_t j = 0; j < h; j++) {
    float i = gates[j], f = gates[h + j], candidate = gates[2 * h + j], o = gates[3 * h + j];
    float squashed = lane_tanh(c[j]), dy = g[j] + dh[j];
    float d = dc[j] + dy * o * (1 - squashed * squashed);
    dx[j] = d * candidate * i * (1 - i);
    dx[h + j] = d * before[j] * f * (1 - f);
    dx[2 * h + j] = d * i * (1 - candidate * candidate);
    dx[3 * h + j] = dy * squashed * o * (1 - o);
    dc[j] = d * f;
  }
}

void vector_lstm_step_gradient(const vector_recurrent_step *step, const float *g, const float *gates, const float *c,
                               const float *before, int64_t row_of_before, const float *dh, float *dc, float *dx) {
  int64_t h = step->hidden;
  for (int64_t n = 0; n < step->samples; n++)
    lstm_backward(g + n * step->row * h, gates + n * step->row * 4 * h, c + n * step->row * h,
                  before + n * row_of_before, dh + n * h, dc + n * h, dx + n * step->row * 4 * h, h);
}

WIDE static void gru_forward(const float *x, const float *p, const float *bias, const float *before, float *gates,
                             float *y, int64_t h) {
  EACH for (int64_t j = 0; j < h; j++) {
    float r = lane_sigmoid(x[j] + p[j] + bias[j]), z = lane_sigmoid(x[h + j] + p[h + j] + bias[h + j]);
    float product = p[2 * h + j] + bias[2 * h + j];
    float candidate = lane_tanh(x[2 * h + j] + r * product);
    gates[j] = r, gates[h + j] = z, gates[2 * h + j] = candidate, gates[3 * h + j] = product;
    y[j] = candidate + z * (before[j] - candidate);
  }
}

void vector_gru_step(const vector_recurrent_step *step, const float *x, const float *p, const float *bias,
                     const float *before, int64_t row_of_before, float *gates, float *y) {
  int64_t h = step->hidden;
  for (int64_t n = 0; n < step->samples; n++)
    gru_forward(x + n * step->row * 3 * h, p + n * 3 * h, bias, before + n * row_of_before,
                gates + n * step->row * 4 * h, y + n * step->row * h, h);
}

WIDE static void gru_backward(const float *g, const float *gates, const float *before, float *dh, float *dx, float *dp,
                              int64_t h) {
  EACH for (int64_t j = 0; j < h; j++) {
    float r = gates[j], z = gates[h + j], candidate = gates[2 * h + j], product = gates[3 * h + j];
    float dy = g[j] + dh[j];
    float dn = dy * (1 - z) * (1 - candidate * candidate);
    float dr = dn * product * r * (1 - r), dz = dy * (before[j] - candidate) * z * (1 - z);
    dx[j] = dr, dx[h + j] = dz, dx[2 * h + j] = dn;
    dp[j] = dr, dp[h + j] = dz, dp[2 * h + j] = dn * r;
    dh[j] = dy * z;
  }
}

void vector_gru_step_gradient(const vector_recurrent_step *step, const float *g, const float *gates,
                              const float *before, int64_t row_of_before, float *dh, float *dx, float *dp) {
  int64_t h = step->hidden;
  for (int64_t n = 0; n < step->samples; n++)
    gru_backward(g + n * step->row * h, gates + n * step->row * 4 * h, before + n * row_of_before, dh + n * h,
                 dx + n * step->row * 3 * h, dp + n * step->row * 3 * h, h);
}

WIDE static void elman_forward(const float *x, float *y, int64_t h, int is_relu) {
  if (is_relu) {
    EACH for (int64_t j = 0; j < h; j++) y[j] = x[j] + y[j] > 0 ? x[j] + y[j] : 0;
  } else {
    EACH for (int64_t j = 0; j < h; j++) y[j] = lane_tanh(x[j] + y[j]);
  }
}

void vector_elman_step(const vector_recurrent_step *step, const float *x, float *y, int is_relu) {
  int64_t h = step->hidden;
  for (int64_t n = 0; n < step->samples; n++)
    elman_forward(x + n * step->row * h, y + n * step->row * h, h, is_relu);
}

WIDE static void elman_backward(const float *g, const float *y, const float *dh, float *dx, int64_t h, int is_relu) {
  EACH for (int64_t j = 0; j < h; j++)
    dx[j] = (g[j] + dh[j]) * (is_relu ? (y[j] > 0 ? 1.f : 0.f) : 1 - y[j] * y[j]);
}

void vector_elman_step_gradient(const vector_recurrent_step *step, const float *g, const float *y, const float *dh,
                                float *dx, int is_relu) {
  int64_t h = step->hidden;
  for (int64_t n = 0; n < step->samples; n++)
    elman_backward(g + n * step->row * h, y + n * step->row * h, dh + n * h, dx + n * step->row * h, h, is_relu);
}
