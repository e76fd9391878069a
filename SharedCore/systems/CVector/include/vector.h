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
int vector_threads(void);

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

// attention.c

// Some queries of one head: `rows` rows of scores, each of `keys` keys.
typedef struct {
  int64_t rows, keys;
  int is_causal;
  int64_t first_visible;  // where causal: how many keys the first row sees; each further row sees one more
  const float *bias;      // null for none
  int64_t row_of_bias;    // the distance between two rows of the bias, 0 where all share one
  const vector_dropout_pattern *dropout;  // null for none
  int64_t first_place, places_of_row;     // of the dropout pattern, both multiples of 32
} vector_attention_block;

// Scores become probabilities, with dropout where there is any; log_sums gets log sum exp of each row.
void vector_attention_probabilities(const vector_attention_block *block, float *scores, float *log_sums);

// Scores become probabilities again, and dp, the gradient by those, becomes that by the scores, times `factor`.
void vector_attention_gradient(const vector_attention_block *block, float *scores, float *dp, const float *log_sums,
                               const float *g, const float *o, int64_t row_of_o, int64_t features, float factor);

// recurrent.c

// One time step of some samples, whose rows in the sequence arrays lie `row` rows apart. `before` are the cells or states
// before the step, `row_of_before` numbers apart, 0 where all share one row.
typedef struct {
  int64_t samples, hidden, row;
} vector_recurrent_step;

// `gates` holds the product with the state before, and then the gates.
void vector_lstm_step(const vector_recurrent_step *step, const float *x, const float *before, int64_t row_of_before,
                      float *gates, float *c, float *y);

// dh, dc: the gradients that come from the step after, [samples, hidden]; dc becomes that for the step before.
void vector_lstm_step_gradient(const vector_recurrent_step *step, const float *g, const float *gates, const float *c,
                               const float *before, int64_t row_of_before, const float *dh, float *dc, float *dx);

// p: the product with the state before, [samples, 3 hidden].
void vector_gru_step(const vector_recurrent_step *step, const float *x, const float *p, const float *bias,
                     const float *before, int64_t row_of_before, float *gates, float *y);

// dh: the gradient that comes from the step after; becomes the part of that for the step before which z lets through.
void vector_gru_step_gradient(const vector_recurrent_step *step, const float *g, const float *gates,
                              const float *before, int64_t row_of_before, float *dh, float *dx, float *dp);

// `y` holds the product with the state before, and then the state.
void vector_elman_step(const vector_recurrent_step *step, const float *x, float *y, int is_relu);

void vector_elman_step_gradient(const vector_recurrent_step *step, const float *g, const float *y, const float *dh,
                                float *dx, int is_relu);
