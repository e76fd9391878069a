// Dropout: random bits by a hash of the place, as DropoutPattern.swift says, in blocks of 32 numbers.
#include "lanes.h"
#include "slices.h"
#include "vector.h"

INLINE uint32_t hashed(uint32_t lane, const vector_dropout_pattern *p) {
  uint32_t x = lane + p->first;
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = ((x ^ (x >> 15)) + p->second) * 0x846ca68b;
  return x ^ (x >> 16);
}

// Blocks first ..< last: the lower halves of 16 hashes serve the first 16 numbers, the upper halves the others.
WIDE static void dropout_blocks(const float *x, float *y, int64_t first, int64_t last, const vector_dropout_pattern *p) {
  const vector_dropout_pattern pattern = *p;
  const float scale = pattern.scale;
  for (int64_t block = first; block < last; block++) {
    const float *from = x + 32 * block;
    float *to = y + 32 * block;
    uint32_t bits[16];
    for (int l = 0; l < 16; l++) bits[l] = hashed((uint32_t)(16 * block) + (uint32_t)l, &pattern);
    EACH for (int l = 0; l < 16; l++) to[l] = (bits[l] & 0xffff) >= pattern.threshold ? scale * from[l] : 0;
    EACH for (int l = 0; l < 16; l++) to[16 + l] = bits[l] >> 16 >= pattern.threshold ? scale * from[16 + l] : 0;
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
    vector_parallel(slices, dropout_slice, &work);
  }
  for (int64_t i = 32 * work.blocks; i < count; i++) {
    int position = (int)(i % 32);
    uint32_t bits = hashed((uint32_t)(i / 32 * 16 + position % 16), pattern);
    y[i] = (position < 16 ? bits & 0xffff : bits >> 16) >= pattern->threshold ? pattern->scale * x[i] : 0;
  }
}
