// How a long array is cut: always into as many slices, so that the result does not depend on the number of threads.
#pragma once
#include <stdint.h>

enum { slices = 8 };

typedef struct {
  int64_t start, count;
} slice;

// Slice `part` of `parts` of `count` numbers; each begins at a cache line.
static inline slice slice_of(int64_t count, int part, int parts) {
  int64_t each = (count / parts + 63) / 64 * 64;
  int64_t start = part * each, end = start + each;
  start = start < count ? start : count;
  end = part == parts - 1 || end > count ? count : end;
  return (slice){start, end - start};
}

// The same of things that are larger than a cache line: rows, say.
static inline slice even_slice_of(int64_t count, int part, int parts) {
  int64_t start = count * part / parts;
  return (slice){start, count * (part + 1) / parts - start};
}
