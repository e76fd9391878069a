// Matrix products so small that a library's preparations would take longer: at most 2,000 multiplications.
#include "lanes.h"
#include "vector.h"

typedef float eight __attribute__((ext_vector_type(8)));

enum { most_terms = 2000 };

// Eight columns of B (or fewer, the rest 0) lie side by side, so that a row of C is one vector: each number of A times a
// row of B, in four sums because one alone would wait for itself.
WIDE void vector_small_product(const float *a, int64_t row_a, int64_t column_a, const float *b, int64_t row_b,
                               int64_t column_b, const float *bias, float *c, int64_t m, int64_t n, int64_t k) {
  eight packed[most_terms];
  float *end = c + m * n;
  for (int64_t first = 0; first < n; first += 8) {
    int64_t width = n - first < 8 ? n - first : 8;
    eight start = 0;
    for (int64_t j = 0; bias && j < width; j++) start[j] = bias[first + j];
    for (int64_t p = 0; p < k; p++) {
      eight row = 0;
      for (int64_t j = 0; j < width; j++) row[j] = b[p * row_b + (first + j) * column_b];
      packed[p] = row;
    }
    for (int64_t i = 0; i < m; i++) {
      const float *row = a + i * row_a;
      eight s0 = start, s1 = 0, s2 = 0, s3 = 0;
      int64_t p = 0;
      for (; p + 4 <= k; p += 4) {
        s0 += row[p * column_a] * packed[p];
        s1 += row[(p + 1) * column_a] * packed[p + 1];
        s2 += row[(p + 2) * column_a] * packed[p + 2];
        s3 += row[(p + 3) * column_a] * packed[p + 3];
      }
      for (; p < k; p++) s0 += row[p * column_a] * packed[p];
      s0 = (s0 + s1) + (s2 + s3);
      // all eight numbers where there is room: what is beyond the row is written again by the next
      float *to = c + i * n + first;
      if (n <= 8 && to + 8 <= end) {
        memcpy(to, &s0, sizeof s0);
      } else {
        for (int64_t j = 0; j < width; j++) to[j] = s0[j];
      }
    }
  }
}
