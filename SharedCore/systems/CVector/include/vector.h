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
