// What a window over an image does to the channels of one place, which lie side by side: `lanes` of them. The window is
// a list of places; x points at the image.
#include "larger.h"
#include "lanes.h"
#include "vector.h"

// Lanes are worked on by eights. The last few, where there are no eight, may be done as eight too when what follows in
// memory is there and will be written later or is given back as it was: `overruns` says so. Six lanes, as LeNet has, are
// then one vector instead of six numbers.
enum { eight = 8 };

INLINE int64_t whole(int64_t lanes, int overruns) {
  return overruns ? (lanes + eight - 1) / eight * eight : lanes / eight * eight;
}

WIDE void vector_window_max(const float *x, const int32_t *places, int64_t count, int64_t lanes, int overruns, float *y,
                            int32_t *at) {
  if (!count) {
    for (int64_t i = 0; i < lanes; i++) y[i] = -INFINITY, at[i] = -1;
    return;
  }
  int64_t wide = whole(lanes, overruns), i = 0;
  for (; i < wide; i += eight) {
    float best[eight];
    int32_t place[eight];
    for (int l = 0; l < eight; l++) best[l] = x[places[0] * lanes + i + l], place[l] = places[0];
    for (int64_t p = 1; p < count; p++) {
      const float *candidate = x + places[p] * lanes + i;
      for (int l = 0; l < eight; l++) keep_larger(candidate[l], places[p], &best[l], &place[l]);
    }
    for (int l = 0; l < eight; l++) y[i + l] = best[l], at[i + l] = place[l];
  }
  for (; i < lanes; i++) {
    y[i] = x[places[0] * lanes + i], at[i] = places[0];
    for (int64_t p = 1; p < count; p++) keep_larger(x[places[p] * lanes + i], places[p], &y[i], &at[i]);
  }
}

WIDE void vector_window_max_gradient(const float *g, const int32_t *at, const int32_t *places, int64_t count,
                                     int64_t lanes, int overruns, float *dx) {
  int64_t wide = whole(lanes, overruns), i = 0;
  for (; i < wide; i += eight) {
    int32_t chosen[eight];  // beyond the lanes: none
    for (int l = 0; l < eight; l++) chosen[l] = i + l < lanes ? at[i + l] : -1;
    for (int64_t p = 0; p < count; p++) {
      float *to = dx + places[p] * lanes + i;
      for (int l = 0; l < eight; l++) to[l] += chosen[l] == places[p] ? g[i + l] : 0;
    }
  }
  for (; i < lanes; i++) {
    for (int64_t p = 0; p < count; p++) dx[places[p] * lanes + i] += at[i] == places[p] ? g[i] : 0;
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
