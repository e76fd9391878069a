// A register tile in the instructions of the processor that runs it. Swift compiles for every processor of a family, on
// x86-64 for vectors of four without a fused multiply-add; a C function may have a version for each.
#include "tile.h"

#include <string.h>

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

typedef float eight __attribute__((vector_size(32), aligned(4)));

// 12 sums, 2 vectors of B and one number of A: 15 of the 16 registers that AVX2 has. Each sum waits four cycles for its
// own last addition, and 12 of them keep both multipliers busy meanwhile.
WIDE void tile_product(const float *a, const float *b, int64_t k, float *sums) {
  eight sum[tile_rows][2] = {0};
  for (int64_t p = 0; p < k; p++, a += tile_rows, b += tile_columns) {
    eight left = *(const eight *)b, right = *(const eight *)(b + 8);
    for (int i = 0; i < tile_rows; i++) {
      sum[i][0] += a[i] * left;
      sum[i][1] += a[i] * right;
    }
  }
  memcpy(sums, sum, sizeof sum);
}
