// Loops over memory, compiled for AVX-512, AVX2 and the plain instruction set; the processor's best is chosen when the
// program starts. What each function computes is said by the Swift protocol that it serves; here are only the types.
//
// A result may lie where an operand lies, exactly; any other overlap is not allowed. Long arrays are worked on by
// several threads, always cut at the same places, so that the result does not depend on how many there are.
#pragma once
#include <stdint.h>

// pool.c

// Runs body(context, 0) ... body(context, parts - 1), each once, in any order and on any of the threads; returns when all
// have ended. The calling thread takes part, and does everything itself where the pool is busy or has one thread.
void vector_parallel(int parts, void (*body)(void *context, int part), void *context);

// How many threads, the calling one among them, later work may use.
void vector_set_threads(int threads);

// elementwise.c

typedef enum {
  VECTOR_NEGATE, VECTOR_ABSOLUTE, VECTOR_SQUARE, VECTOR_SQUARE_ROOT, VECTOR_EXPONENTIAL, VECTOR_LOGARITHM, VECTOR_RELU,
  VECTOR_SIGMOID, VECTOR_TANH, VECTOR_RECIPROCAL, VECTOR_RECIPROCAL_SQUARE_ROOT, VECTOR_ERROR_FUNCTION, VECTOR_SILU,
  VECTOR_SOFTPLUS, VECTOR_MISH, VECTOR_GELU, VECTOR_GELU_TANH, VECTOR_HARDSWISH,
  VECTOR_LEAKY_RELU,  // p: the slope
  VECTOR_ELU,         // p: alpha
  VECTOR_CLAMP,       // p and q: the lower and the upper limit
  VECTOR_AFFINE       // p and q: the factor and what is added
} vector_unary;

// y[i] = f(x[i]).
void vector_apply(vector_unary f, const float *x, float *y, int64_t count, float p, float q);

// dx[i] = g[i] f'(x[i]), with y = f(x).
void vector_derivative(vector_unary f, const float *g, const float *x, const float *y, float *dx, int64_t count,
                       float p, float q);

// channels.c: x has `rows` rows of `channels` numbers; the other operands a number a channel

// The mean and the variance, which divides by the number of rows; 0 of none.
void vector_channel_statistics(const float *x, float *means, float *variances, int64_t rows, int64_t channels);

// y = (x - mean) factor + shift.
void vector_channel_norm(const float *x, const float *means, const float *factors, const float *shifts, float *y,
                         int64_t rows, int64_t channels);

// dbias = sum of g, dweight = scale times the sum of g (x - mean).
void vector_channel_products(const float *g, const float *x, const float *means, const float *scales, float *dweight,
                             float *dbias, int64_t rows, int64_t channels);

// dx = factor (g - mean_g - (x - mean) slope).
void vector_channel_norm_gradient(const float *g, const float *x, const float *means, const float *factors,
                                  const float *mean_g, const float *slopes, float *dx, int64_t rows, int64_t channels);

// windows.c: an image of places with `lanes` numbers each, and a window of `count` places

// The largest of the window and its place: the first of equals; a NaN wins; -infinity and -1 of no places.
void vector_window_max(const float *x, const int32_t *places, int64_t count, int64_t lanes, float *y, int32_t *at);

// dx += g at the place `at`.
void vector_window_max_gradient(const float *g, const int32_t *at, const int32_t *places, int64_t count, int64_t lanes,
                                float *dx);

// y = the sum of weight x, divided, and its gradient: dx += weight / divisor g.
void vector_window_sum(const float *x, const int32_t *places, const float *weights, int64_t count, float divisor,
                       int64_t lanes, float *y);
void vector_window_spread(const float *g, const int32_t *places, const float *weights, int64_t count, float divisor,
                          int64_t lanes, float *dx);
// dropout.c

// As DropoutPattern.
typedef struct {
  uint32_t first, second, threshold;
  float scale;
} vector_dropout_pattern;

// y[i] = scale x[i] where the pattern keeps i, 0 elsewhere.
void vector_dropout(const float *x, float *y, int64_t count, const vector_dropout_pattern *pattern);

// sparse.c: all indices are within the matrices

void vector_sparse_matmul(const int32_t *starts, const int32_t *columns, const float *values, const float *x, float *y,
                          int64_t rows, int64_t width);
