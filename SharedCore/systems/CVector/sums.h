// Sums over neighbours with eight lanes of double precision side by side, twice: always in the same order, whatever the
// processor, and as right as one running sum.
#pragma once
#include "lanes.h"

typedef float floats __attribute__((ext_vector_type(8)));
typedef double doubles __attribute__((ext_vector_type(8)));

INLINE floats lane_load(const float *x) {
  floats v;
  memcpy(&v, x, sizeof v);
  return v;
}

INLINE double lane_total(doubles a, doubles b) {
  a += b;
  return ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]));
}

// The sum of `term`, an expression of doubles in v = x[i] and w = z[i].
#define LANE_SUM(total, x, z, count, term)                                  \
  do {                                                                      \
    doubles even = 0, odd = 0;                                              \
    int64_t i = 0;                                                          \
    for (; i + 16 <= (count); i += 16) {                                    \
      doubles v = __builtin_convertvector(lane_load((x) + i), doubles);     \
      doubles w = __builtin_convertvector(lane_load((z) + i), doubles);     \
      even += term;                                                         \
      v = __builtin_convertvector(lane_load((x) + i + 8), doubles);         \
      w = __builtin_convertvector(lane_load((z) + i + 8), doubles);         \
      odd += term;                                                          \
      (void)w;                                                              \
    }                                                                       \
    double rest = 0;                                                        \
    for (; i < (count); i++) {                                              \
      double v = (x)[i], w = (z)[i];                                        \
      rest += term;                                                         \
      (void)w;                                                              \
    }                                                                       \
    total = lane_total(even, odd) + rest;                                   \
  } while (0)

INLINE double lane_sum(const float *x, int64_t count) {
  double total;
  LANE_SUM(total, x, x, count, v);
  return total;
}

INLINE double lane_sum_of_products(const float *x, const float *z, int64_t count) {
  double total;
  LANE_SUM(total, x, z, count, v * w);
  return total;
}
