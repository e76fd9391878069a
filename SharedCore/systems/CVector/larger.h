// Which of two numbers a maximum keeps.
#pragma once
#include "lanes.h"

// The larger of what is known and a candidate: not below or equal means larger, or one of the two is not a number; the
// first such stays.
INLINE void keep_larger(float value, int32_t place, float *y, int32_t *at) {
  float best = *y;
  int wins = !(value <= best) & (best == best);
  *y = wins ? value : best;
  *at = wins ? place : *at;
}
