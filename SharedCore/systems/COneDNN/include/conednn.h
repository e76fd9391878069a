// What Swift calls of oneDNN, the same for the C interfaces of versions 2 and 3: matrix products and convolutions.
//
// `threads` is how many an operation may use, 0 for as many as the process may. Making a handle takes up to a
// millisecond, so callers keep it. A handle is not for two threads at once. Functions that compute return 0 when all
// went well.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct onednn_matmul *onednn_matmul_t;

// C[m,n] = A[m,k] B[k,n] (+ bias[n]); a transposed operand lies as [k,m] or [n,k].
// Returns null when the library has no such primitive.
onednn_matmul_t onednn_matmul_create(int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b, int bias,
                                    int threads);

int onednn_matmul_run(onednn_matmul_t product, const float *a, const float *b, const float *bias, float *c);

void onednn_matmul_destroy(onednn_matmul_t product);

// C = alpha A B + beta C of matrices whose rows lie apart: pieces of larger ones. Nothing has to be kept.
typedef struct {
  int64_t m, n, k;
  int transpose_a, transpose_b;
  int64_t row_of_a, row_of_b, row_of_c;  // the distance between two rows in memory
  float alpha, beta;
  int threads;
} onednn_strided_matmul;

int onednn_matmul_strided(const onednn_strided_matmul *product, const float *a, const float *b, float *c);

typedef struct onednn_convolution *onednn_convolution_t;

// Sizes along depth, height and width; dilation 1 leaves nothing between the taps, padding is that before the image.
typedef struct {
  int64_t batch, input_channels, output_channels, groups;
  int64_t input[3], output[3], kernel[3], stride[3], dilation[3], padding[3];
} onednn_convolution_shape;

enum { ONEDNN_FORWARD, ONEDNN_INPUT_GRADIENT, ONEDNN_WEIGHT_GRADIENT };

// A convolution between images [N, S, C], or one of its gradients. Returns null when the library has none.
onednn_convolution_t onednn_convolution_create(const onednn_convolution_shape *shape, int pass, int bias, int threads);

// How many numbers the weights have in the library's own order; 0 when that is the row-major [O, C / G, K].
size_t onednn_convolution_packed_count(onednn_convolution_t convolution);

// Row-major weights to the library's order, and a weight gradient back.
int onednn_convolution_pack(onednn_convolution_t convolution, const float *weights, float *packed);
int onednn_convolution_unpack(onednn_convolution_t convolution, const float *packed, float *weights);

// Forward: y of x and weights. Input gradient: dx of g and weights. Weight gradient: dw of x and g. The weights are
// those in the library's order; `bias` has O numbers where the handle was made for one.
int onednn_convolution_run(onednn_convolution_t convolution, const float *a, const float *b, const float *bias,
                           float *result);

void onednn_convolution_destroy(onednn_convolution_t convolution);

// The version of the library that is loaded, such as 2, 6, 3.
void onednn_version(int *major, int *minor, int *patch);

// How many threads the library may use from now on.
void onednn_set_threads(int threads);
int onednn_threads(void);
