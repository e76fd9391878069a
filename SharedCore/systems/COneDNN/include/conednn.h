// What Swift calls of oneDNN: one matrix product, the same for the C interfaces of versions 2 and 3.
#pragma once
#include <stdint.h>

typedef struct onednn_matmul *onednn_matmul_t;

// C[m,n] = A[m,k] B[k,n] (+ bias[n]); a transposed operand lies as [k,m] or [n,k].
// Returns null when the library has no such primitive. With one_thread, 0 or 1, it wakes no other thread.
onednn_matmul_t onednn_matmul_create(int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b, int bias,
                                    int one_thread);

// Returns 0 when the product was computed. Not for two threads at once on one handle.
int onednn_matmul_run(onednn_matmul_t product, const float *a, const float *b, const float *bias, float *c);

void onednn_matmul_destroy(onednn_matmul_t product);

// The version of the library that is loaded, such as 2, 6, 3.
void onednn_version(int *major, int *minor, int *patch);

// How many threads the library may use from now on.
void onednn_set_threads(int threads);
