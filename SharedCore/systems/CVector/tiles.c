// The largest of windows that lie side by side, as most networks have them: no window overlaps another, so each place of
// the image is written once, in the order of memory.
#include "larger.h"
#include "lanes.h"
#include "vector.h"

// Lanes are worked on by eights. The last few may be done as eight too, because what is written behind them is written
// anew right after; only at the end of the image it must not be.
enum { eight = 8 };
typedef float floats __attribute__((vector_size(32), aligned(4)));
typedef int32_t places __attribute__((vector_size(32), aligned(4)));

// A copy of the sizes, which no write to y or dx can change.
INLINE void max_of_tiles(const float *x, vector_tiles t, int64_t tall, int64_t wide, float *y, int32_t *at) {
  const int64_t lanes = t.lanes, inputs = t.height * t.width * lanes, outputs = t.rows * t.columns * lanes;
  for (int64_t row = 0; row < t.rows; row++) {
    for (int64_t column = 0; column < t.columns; column++) {
      const int64_t first = row * tall * t.width + column * wide, output = (row * t.columns + column) * lanes;
      const int64_t last = first + (tall - 1) * t.width + wide - 1;
      int64_t i = 0;
      for (; i < lanes && last * lanes + i + eight <= inputs && output + i + eight <= outputs; i += eight) {
        floats best = *(const floats *)(x + first * lanes + i);
        places place = {0};
        place += (int32_t)first;
        for (int64_t v = 0; v < tall; v++) {
          for (int64_t u = v == 0; u < wide; u++) {
            const int64_t p = first + v * t.width + u;
            const floats candidate = *(const floats *)(x + p * lanes + i);
            const places wins = ~(candidate <= best) & (best == best);  // as keep_larger
            best = (floats)(((places)candidate & wins) | ((places)best & ~wins));
            place = ((int32_t)p & wins) | (place & ~wins);
          }
        }
        *(floats *)(y + output + i) = best;
        *(places *)(at + output + i) = place;
      }
      for (; i < lanes; i++) {
        y[output + i] = x[first * lanes + i], at[output + i] = (int32_t)first;
        for (int64_t v = 0; v < tall; v++) {
          for (int64_t u = v == 0; u < wide; u++) {
            const int64_t p = first + v * t.width + u;
            keep_larger(x[p * lanes + i], (int32_t)p, &y[output + i], &at[output + i]);
          }
        }
      }
    }
  }
}

// Two times two, which is most of them, has no loop over its places.
WIDE void vector_tiles_max(const float *x, const vector_tiles *t, float *y, int32_t *at) {
  if (t->tall == 2 && t->wide == 2) {
    max_of_tiles(x, *t, 2, 2, y, at);
  } else {
    max_of_tiles(x, *t, t->tall, t->wide, y, at);
  }
}

WIDE void vector_tiles_max_gradient(const float *g, const int32_t *at, const vector_tiles *tiles, float *dx) {
  const vector_tiles t = *tiles;
  const int64_t lanes = t.lanes, inputs = t.height * t.width * lanes, outputs = t.rows * t.columns * lanes;
  for (int64_t v = 0; v < t.height; v++) {
    const int64_t row = v / t.tall;
    int64_t p = v * t.width;
    for (int64_t column = 0; row < t.rows && column < t.columns; column++) {
      const int64_t output = (row * t.columns + column) * lanes;
      for (int64_t u = 0; u < t.wide; u++, p++) {
        int64_t i = 0;
        for (; i < lanes && p * lanes + i + eight <= inputs && output + i + eight <= outputs; i += eight) {
          const places chosen = *(const places *)(at + output + i) == (int32_t)p;
          *(floats *)(dx + p * lanes + i) = (floats)(*(const places *)(g + output + i) & chosen);
        }
        for (; i < lanes; i++) dx[p * lanes + i] = at[output + i] == (int32_t)p ? g[output + i] : 0;
      }
    }
    for (int64_t i = p * lanes; i < (v + 1) * t.width * lanes; i++) dx[i] = 0;  // no window reaches here
  }
}
