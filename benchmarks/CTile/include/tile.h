#pragma once
#include <stdint.h>

// How large the tile of `tile_product` is.
enum { tile_rows = 6, tile_columns = 16 };

// sums[6][16] = the product of a panel of A, which lies as [k][6], and a panel of B, which lies as [k][16].
void tile_product(const float *a, const float *b, int64_t k, float *sums);
