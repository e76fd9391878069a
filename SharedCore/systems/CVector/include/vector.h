// Loops over memory, compiled for AVX-512, AVX2 and the plain instruction set; the processor's best is chosen when the
// program starts. What each function computes is said by the Swift protocol that it serves; here are only the types.
//
// A result may lie where an operand lies, exactly; any other overlap is not allowed. Long arrays are worked on by
// several threads, always cut at the same places, so that the result does not depend on how many there are.
#pragma once
#include <stdint.h>

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

// pairs.c

typedef enum {
  VECTOR_ADD, VECTOR_SUBTRACT, VECTOR_MULTIPLY, VECTOR_DIVIDE, VECTOR_MAXIMUM, VECTOR_MINIMUM, VECTOR_KEEP_WHERE,
  VECTOR_SHARE_OF_LARGER
} vector_binary;

// Sizes of the result and the operands' steps in memory, the innermost dimension first; a rank of 0 is one number.
typedef struct {
  int64_t rank, sizes[8], steps_a[8], steps_b[8];
} vector_broadcast;

// y = f(a, b), broadcast.
void vector_combine(vector_binary f, const float *a, const float *b, float *y, const vector_broadcast *shape);

// sums.c

// y[o,i] = the sum over c of x[o,c,i], in double precision.
void vector_sum(const float *x, float *y, int64_t outer, int64_t count, int64_t inner);

double vector_sum_of_squares(const float *x, int64_t count);

// softmax.c: rows of `width` numbers

void vector_softmax(const float *x, float *y, int64_t rows, int64_t width);
void vector_softmax_gradient(const float *g, const float *y, float *dx, int64_t rows, int64_t width);
void vector_log_softmax(const float *x, float *y, int64_t rows, int64_t width);
void vector_log_softmax_gradient(const float *g, const float *y, float *dx, int64_t rows, int64_t width);

// Every label is below `width`.
void vector_cross_entropy(const float *x, const int32_t *labels, float *losses, float *gradient, int64_t rows,
                          int64_t width);

// rownorm.c: weight, bias and dbias may be null

// As RowNormShape.
typedef struct {
  int64_t rows, width, cycle, shared;
  int is_centred;
  float epsilon;
} vector_row_norm;

void vector_row_norm_forward(const float *x, const float *weight, const float *bias, float *y, float *means,
                             float *scales, const vector_row_norm *shape);
void vector_row_norm_input_gradient(const float *g, const float *x, const float *weight, const float *means,
                                    const float *scales, float *dx, const vector_row_norm *shape);
void vector_row_norm_parameter_gradients(const float *g, const float *x, const float *means, const float *scales,
                                         float *dweight, float *dbias, const vector_row_norm *shape);

// optimizer.c: w is changed in place; the steps are those of OptimizerSteps.swift

typedef struct {
  float rate, momentum, dampening, decay;
  int nesterov, is_first;
} vector_sgd_step;

typedef struct {
  float beta1, beta2, share1, share2, average_rate, gradient_rate, root_factor, epsilon, penalty, decay;
} vector_adam_step;

typedef struct {
  float rate, smoothing, epsilon, momentum, decay;
} vector_rmsprop_step;

typedef struct {
  float rate, epsilon, decay;
} vector_adagrad_step;

typedef struct {
  float rate, smoothing, epsilon, decay;
} vector_adadelta_step;

void vector_sgd(float *w, const float *g, float *velocity, int64_t count, const vector_sgd_step *step);
// `largest` may be null.
void vector_adam(float *w, const float *g, float *average, float *square, float *largest, int64_t count,
                 const vector_adam_step *step);
// `average` and `velocity` may be null.
void vector_rmsprop(float *w, const float *g, float *square, float *average, float *velocity, int64_t count,
                    const vector_rmsprop_step *step);
void vector_adagrad(float *w, const float *g, float *sum, int64_t count, const vector_adagrad_step *step);
void vector_adadelta(float *w, const float *g, float *square, float *change, int64_t count,
                     const vector_adadelta_step *step);

// a[i] += share (x[i] - a[i]).
void vector_blend(const float *x, float *a, int64_t count, float share);

// a[i] += x[i].
void vector_accumulate(const float *x, float *a, int64_t count);

// copies.c

// As StridedView: sizes and steps with the innermost dimension first.
typedef struct {
  int64_t rank, start, sizes[8], steps[8];
} vector_view;

// y[i] = x at the i-th place of the view.
void vector_read(const float *x, float *y, const vector_view *view);

// y at the i-th place of the view += x[i].
void vector_add_through(const float *x, float *y, const vector_view *view);

// y[row step + i] = x[row width + i].
void vector_place(const float *x, float *y, int64_t rows, int64_t width, int64_t step);

// y[o,j,:] = x[o, indices[j], :], and y[o, indices[j], :] += x[o,j,:]; x or y is [outer, count, inner].
void vector_take(const float *x, const int32_t *indices, float *y, int64_t outer, int64_t count, int64_t inner,
                 int64_t taken);
void vector_add_taken(const float *x, const int32_t *indices, float *y, int64_t outer, int64_t count, int64_t inner,
                      int64_t taken);

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

// windows.c: an image of places with `lanes` numbers each, and a window of `count` places. With `overruns` up to seven
// numbers behind the lanes may be read; those of results are written anew, or with what they were.

// The largest of the window and its place: the first of equals; a NaN wins; -infinity and -1 of no places.
void vector_window_max(const float *x, const int32_t *places, int64_t count, int64_t lanes, int overruns, float *y,
                       int32_t *at);

// dx += g at the place `at`.
void vector_window_max_gradient(const float *g, const int32_t *at, const int32_t *places, int64_t count, int64_t lanes,
                                int overruns, float *dx);

// y = the sum of weight x, divided, and its gradient: dx += weight / divisor g.
void vector_window_sum(const float *x, const int32_t *places, const float *weights, int64_t count, float divisor,
                       int64_t lanes, float *y);
void vector_window_spread(const float *g, const int32_t *places, const float *weights, int64_t count, float divisor,
                          int64_t lanes, float *dx);

// tiles.c: an image [height, width, lanes] and rows times columns windows of tall times wide places, side by side from the
// first corner on.

typedef struct {
  int64_t height, width, lanes;
  int64_t tall, wide;
  int64_t rows, columns;
} vector_tiles;

// As vector_window_max, for all windows of an image.
void vector_tiles_max(const float *x, const vector_tiles *tiles, float *y, int32_t *at);

// dx = g at the place `at`, 0 elsewhere; written whole.
void vector_tiles_max_gradient(const float *g, const int32_t *at, const vector_tiles *tiles, float *dx);

// dropout.c

// As DropoutPattern.
typedef struct {
  uint32_t first, second, threshold;
  float scale;
} vector_dropout_pattern;

// y[i] = scale x[i] where the pattern keeps i, 0 elsewhere.
void vector_dropout(const float *x, float *y, int64_t count, const vector_dropout_pattern *pattern);

// product.c

// C[m,n] = A[m,k] B[k,n] (+ bias[n]) for m n k up to 2,000; rows and columns of A and B are these steps apart.
void vector_small_product(const float *a, int64_t row_a, int64_t column_a, const float *b, int64_t row_b,
                          int64_t column_b, const float *bias, float *c, int64_t m, int64_t n, int64_t k);

// bce.c: losses and gradient of LossKernels, of logits or of probabilities

void vector_binary_cross_entropy(const float *x, const float *t, float *losses, float *gradient, int64_t count);
void vector_binary_cross_entropy_of_probabilities(const float *p, const float *t, float *losses, float *gradient,
                                                  int64_t count);

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

// sparse.c: all indices are within the matrices

void vector_sparse_matmul(const int32_t *starts, const int32_t *columns, const float *values, const float *x, float *y,
                          int64_t rows, int64_t width);

// depthwise.c: images [N, H, W, C], and a kernel of its own for each channel, [C, K, L]

typedef struct {
  int64_t batch, channels, input_height, input_width, output_height, output_width, kernel_height, kernel_width;
  int64_t stride_height, stride_width, dilation_height, dilation_width, padding_height, padding_width;
} vector_depthwise_shape;

// dw = the sum of g times the x that each tap met; 0 for kernels wider than 7, which are not done here.
int vector_depthwise_weight_gradient(const float *g, const float *x, float *dw, const vector_depthwise_shape *shape);
