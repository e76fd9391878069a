// What a window over an image does to the channels of one place, which lie side by side: `lanes` of them. The window is
// a list of places; x points at the image.
#include "lanes.h"
#include "vector.h"

WIDE void vector_window_max(const float *x, const int32_t *places, int64_t count, int64_t lanes, float *y, int32_t *at) {
  if (!count) {
    for (int64_t i = 0; i < lanes; i++) y[i] = -INFINITY, at[i] = -1;
    return;
  }
  const float *first = x + places[0] * lanes;
  for (int64_t i = 0; i < lanes; i++) y[i] = first[i], at[i] = places[0];
  for (int64_t p = 1; p < count; p++) {
    const float *candidate = x + places[p] * lanes;
    int32_t place = places[p];
    EACH for (int64_t i = 0; i < lanes; i++) {
      float value = candidate[i], best = y[i];
      // not below or equal: larger, or one of the two is not a number; the first such stays
      int wins = !(value <= best) & (best == best);
      y[i] = wins ? value : best;
      at[i] = wins ? place : at[i];
    }
  }
}

WIDE void vector_window_max_gradient(const float *g, const int32_t *at, const int32_t *places, int64_t count,
                                     int64_t lanes, float *dx) {
  for (int64_t p = 0; p < count; p++) {
    float *to = dx + places[p] * lanes;
    int32_t place = places[p];
    EACH for (int64_t i = 0; i < lanes; i++) to[i] += at[i] == place ? g[i] : 0;
  }
}

WIDE void vector_window_sum(const float *x, const int32_t *places, const float *weights, int64_t count, float divisor,
                            int64_t lanes, float *y) {
  for (int64_t i = 0; i < lanes; i++) y[i] = 0;
  for (int64_t p = 0; p < count; p++) {
    const float *from = x + places[p] * lanes;
    float weight = weights[p];
    EACH for (int64_t i = 0; i < lanes; i++) y[i] += weight * from[i];
  }
  if (divisor != 1) {
    EACH for (int64_t i = 0; i < lanes; i++) y[i] /= divisor;
  }
}

WIDE void vector_window_spread(const float *g, const int32_t *places, const float *weights, int64_t count,
                               float divisor, int64_t lanes, float *dx) {
  for (int64_t p = 0; p < count; p++) {
    float *to = dx + places[p] * lanes;
    float weight = weights[p] / divisor;
    EACH for (int64_t i = 0; i < lanes; i++) to[i] += weight * g[i];
  }
}
