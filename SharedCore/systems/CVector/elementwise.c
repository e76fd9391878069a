// Functions of one number and their derivatives: a loop for each, and a table by which they are chosen outside of it.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

typedef void (*forward_loop)(const float *x, float *y, int64_t count, float p, float q);
typedef void (*backward_loop)(const float *g, const float *x, const float *y, float *dx, int64_t count, float p, float q);

// FUNCTION(name, f(v), f'(v) where f(v) is w)
#define FUNCTION(name, value, slope)                                                                                \
  WIDE static void name##_forward(const float *x, float *y, int64_t count, float p, float q) {                     \
    (void)p, (void)q;                                                                                               \
    EACH for (int64_t i = 0; i < count; i++) {                                                                      \
      float v = x[i];                                                                                               \
      y[i] = value;                                                                                                 \
    }                                                                                                               \
  }                                                                                                                 \
  WIDE static void name##_backward(const float *g, const float *x, const float *y, float *dx, int64_t count,       \
                                   float p, float q) {                                                              \
    (void)p, (void)q;                                                                                               \
    EACH for (int64_t i = 0; i < count; i++) {                                                                      \
      float v = x[i], w = y[i];                                                                                     \
      (void)v, (void)w;                                                                                             \
      dx[i] = g[i] * (slope);                                                                                       \
    }                                                                                                               \
  }

INLINE float silu_slope(float x) {
  float s = lane_sigmoid(x);
  return s * (1 + x * (1 - s));
}

INLINE float mish_slope(float x) {
  float t = lane_tanh(lane_softplus(x));
  return t + x * (1 - t * t) * lane_sigmoid(x);
}

INLINE float gelu_slope(float x) { return lane_normal(x) + x * (0.39894228f * lane_exp(-0.5f * x * x)); }

// sqrt(2 / pi) and the factor of x^3 with which tanh comes closest to the normal distribution.
static const float gelu_rate = 0.79788456f, gelu_cubic = 0.044715f;

// (1 + tanh(u)) / 2 is sigmoid(2 u).
INLINE float gelu_tanh_share(float x) { return lane_sigmoid(2 * gelu_rate * (x + gelu_cubic * x * x * x)); }

// Beyond 10, where the share is 0 or 1, x^3 may overflow.
INLINE float gelu_tanh_slope(float x) {
  float near = x > 10 ? 10 : x;
  near = near < -10 ? -10 : near;
  float s = gelu_tanh_share(near);
  return s + near * (2 * gelu_rate * (1 + 3 * gelu_cubic * near * near)) * (s * (1 - s));
}

FUNCTION(negate, -v, -1)
FUNCTION(absolute, lane_abs(v), (v > 0 ? 1.f : 0.f) - (v < 0 ? 1.f : 0.f))
FUNCTION(square, v * v, 2 * v)
FUNCTION(square_root, sqrtf(v), 0.5f / w)
FUNCTION(exponential, lane_exp(v), w)
FUNCTION(logarithm, lane_log(v), 1 / v)
FUNCTION(relu, v < 0 ? 0 : v, v > 0 ? 1.f : 0.f)  // a NaN is not below 0 and stays
FUNCTION(sigmoid, lane_sigmoid(v), w * (1 - w))
FUNCTION(hyperbolic_tangent, lane_tanh(v), 1 - w * w)
FUNCTION(reciprocal, 1 / v, -w * w)
FUNCTION(reciprocal_square_root, 1 / sqrtf(v), -0.5f * w / v)
FUNCTION(error_function, lane_erf(v), 1.12837917f * lane_exp(-v * v))
FUNCTION(silu, v * lane_sigmoid(v), silu_slope(v))
FUNCTION(softplus, lane_softplus(v), lane_sigmoid(v))
FUNCTION(mish, v * lane_tanh(lane_softplus(v)), mish_slope(v))
FUNCTION(gelu, v * lane_normal(v), gelu_slope(v))
FUNCTION(gelu_tanh, v * gelu_tanh_share(v), gelu_tanh_slope(v))
FUNCTION(hardswish, v * ((v < -3 ? 0 : v > 3 ? 6 : v + 3) / 6), v < -3 ? 0 : v > 3 ? 1 : v / 3 + 0.5f)
FUNCTION(leaky_relu, v < 0 ? p * v : v, v > 0 ? 1 : p)
FUNCTION(elu, v > 0 ? v : p * lane_exp_minus_one(v < -87 ? -87 : v), v > 0 ? 1 : p * lane_exp(v))
FUNCTION(clamp, v < p ? p : v > q ? q : v, v < p || v > q ? 0.f : 1.f)
FUNCTION(affine, p * v + q, p)

// With how many numbers an array is long enough for a second thread: about 100 microseconds of work.
enum { cheap = 1 << 17, dear = 1 << 15 };

static const struct {
  forward_loop forward;
  backward_loop backward;
  int64_t long_from;
} functions[] = {
#define ROW(name, cost) {name##_forward, name##_backward, cost}
    [VECTOR_NEGATE] = ROW(negate, cheap),
    [VECTOR_ABSOLUTE] = ROW(absolute, cheap),
    [VECTOR_SQUARE] = ROW(square, cheap),
    [VECTOR_SQUARE_ROOT] = ROW(square_root, cheap),
    [VECTOR_EXPONENTIAL] = ROW(exponential, dear),
    [VECTOR_LOGARITHM] = ROW(logarithm, dear),
    [VECTOR_RELU] = ROW(relu, cheap),
    [VECTOR_SIGMOID] = ROW(sigmoid, dear),
    [VECTOR_TANH] = ROW(hyperbolic_tangent, dear),
    [VECTOR_RECIPROCAL] = ROW(reciprocal, cheap),
    [VECTOR_RECIPROCAL_SQUARE_ROOT] = ROW(reciprocal_square_root, cheap),
    [VECTOR_ERROR_FUNCTION] = ROW(error_function, dear),
    [VECTOR_SILU] = ROW(silu, dear),
    [VECTOR_SOFTPLUS] = ROW(softplus, dear),
    [VECTOR_MISH] = ROW(mish, dear),
    [VECTOR_GELU] = ROW(gelu, dear),
    [VECTOR_GELU_TANH] = ROW(gelu_tanh, dear),
    [VECTOR_HARDSWISH] = ROW(hardswish, cheap),
    [VECTOR_LEAKY_RELU] = ROW(leaky_relu, cheap),
    [VECTOR_ELU] = ROW(elu, dear),
    [VECTOR_CLAMP] = ROW(clamp, cheap),
    [VECTOR_AFFINE] = ROW(affine, cheap),
};

struct task {
  vector_unary f;
  const float *g, *x, *y;
  float *result;
  int64_t count;
  float p, q;
};

static void forward_part(void *context, int part) {
  struct task *task = context;
  slice piece = slice_of(task->count, part, slices);
  functions[task->f].forward(task->x + piece.start, task->result + piece.start, piece.count, task->p, task->q);
}

static void backward_part(void *context, int part) {
  struct task *task = context;
  slice piece = slice_of(task->count, part, slices);
  int64_t at = piece.start;
  functions[task->f].backward(task->g + at, task->x + at, task->y + at, task->result + at, piece.count, task->p, task->q);
}

void vector_apply(vector_unary f, const float *x, float *y, int64_t count, float p, float q) {
  if (count < functions[f].long_from) return functions[f].forward(x, y, count, p, q);
  struct task task = {f, 0, x, 0, y, count, p, q};
  team_share(slices, forward_part, &task);
}

void vector_derivative(vector_unary f, const float *g, const float *x, const float *y, float *dx, int64_t count,
                       float p, float q) {
  if (count < functions[f].long_from) return functions[f].backward(g, x, y, dx, count, p, q);
  struct task task = {f, g, x, y, dx, count, p, q};
  team_share(slices, backward_part, &task);
}
