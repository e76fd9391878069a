// Dropout: random bits by a hash of the place, as DropoutPattern.swift says, in blocks of 32 numbers.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

// 16 numbers at once, which the compiler splits where the processor has shorter vectors.
typedef uint32_t lanes16 __attribute__((vector_size(64), aligned(4)));
typedef float floats16 __attribute__((vector_size(64), aligned(4)));

#define HASH(x, pattern)                                                \
  do {                                                                  \
    x += (pattern)->first;                                              \
    x = (x ^ (x >> 16)) * 0x7feb352d;                                   \
    x = ((x ^ (x >> 15)) + (pattern)->second) * 0x846ca68b;             \
    x ^= x >> 16;                                                       \
  } while (0)

// Blocks first ..< last: the lower halves of 16 hashes serve the first 16 numbers, the upper halves the others.
WIDE static void dropout_blocks(const float *x, float *y, int64_t first, int64_t last, const vector_dropout_pattern *p) {
  const vector_dropout_pattern pattern = *p;
  const lanes16 steps = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (int64_t block = first; block < last; block++) {
    lanes16 bits = steps + (uint32_t)(16 * block);
    HASH(bits, &pattern);
    floats16 lower = *(const floats16 *)(x + 32 * block) * pattern.scale;
    floats16 upper = *(const floats16 *)(x + 32 * block + 16) * pattern.scale;
    *(lanes16 *)(y + 32 * block) = (lanes16)lower & (lanes16)((bits & 0xffff) >= pattern.threshold);
    *(lanes16 *)(y + 32 * block + 16) = (lanes16)upper & (lanes16)((bits >> 16) >= pattern.threshold);
  }
}

typedef struct {
  const float *x;
  float *y;
  int64_t blocks;
  const vector_dropout_pattern *pattern;
} dropout_work;

static void dropout_slice(void *context, int part) {
  const dropout_work *work = context;
  slice s = even_slice_of(work->blocks, part, slices);
  dropout_blocks(work->x, work->y, s.start, s.start + s.count, work->pattern);
}

void vector_dropout(const float *x, float *y, int64_t count, const vector_dropout_pattern *pattern) {
  dropout_work work = {x, y, count / 32, pattern};
  if (count < 1 << 20) {
    dropout_blocks(x, y, 0, work.blocks, pattern);
  } else {
    team_share(slices, dropout_slice, &work);
  }
  for (int64_t i = 32 * work.blocks; i < count; i++) {
    int position = (int)(i % 32);
    uint32_t bits = (uint32_t)(i / 32 * 16 + position % 16);
    HASH(bits, pattern);
    y[i] = (position < 16 ? bits & 0xffff : bits >> 16) >= pattern->threshold ? pattern->scale * x[i] : 0;
  }
}
