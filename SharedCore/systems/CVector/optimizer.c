// Steps of the optimisers: one pass over the weights, the gradient and what is kept.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

WIDE static void sgd_plain(float *w, const float *g, int64_t count, const vector_sgd_step *step) {
  vector_sgd_step s = *step;
  EACH for (int64_t i = 0; i < count; i++) w[i] -= s.rate * (g[i] + s.decay * w[i]);
}

WIDE static void sgd_first(float *w, const float *g, float *velocity, int64_t count, const vector_sgd_step *step) {
  vector_sgd_step s = *step;
  float factor = s.nesterov ? 1 + s.momentum : 1;
  EACH for (int64_t i = 0; i < count; i++) {
    float v = g[i] + s.decay * w[i];
    velocity[i] = v;
    w[i] -= s.rate * (factor * v);
  }
}

// w -= rate (g' + momentum v) with Nesterov, rate v without: factors of g' and v say which.
WIDE static void sgd_momentum(float *w, const float *g, float *velocity, int64_t count, const vector_sgd_step *step) {
  vector_sgd_step s = *step;
  float of_gradient = s.nesterov ? 1 : 0, of_velocity = s.nesterov ? s.momentum : 1, share = 1 - s.dampening;
  EACH for (int64_t i = 0; i < count; i++) {
    float slope = g[i] + s.decay * w[i];
    float v = s.momentum * velocity[i] + share * slope;
    velocity[i] = v;
    w[i] -= s.rate * (of_gradient * slope + of_velocity * v);
  }
}

WIDE static void adam(float *w, const float *g, float *average, float *square, int64_t count,
                      const vector_adam_step *step) {
  vector_adam_step s = *step;
  float keep = 1 - s.decay;
  EACH for (int64_t i = 0; i < count; i++) {
    float slope = g[i] + s.penalty * w[i];
    float m = s.beta1 * average[i] + s.share1 * slope;
    float v = s.beta2 * square[i] + s.share2 * slope * slope;
    average[i] = m;
    square[i] = v;
    w[i] = keep * w[i] - (s.average_rate * m + s.gradient_rate * slope) / (s.root_factor * sqrtf(v) + s.epsilon);
  }
}

WIDE static void adam_largest(float *w, const float *g, float *average, float *square, float *largest, int64_t count,
                              const vector_adam_step *step) {
  vector_adam_step s = *step;
  float keep = 1 - s.decay;
  EACH for (int64_t i = 0; i < count; i++) {
    float slope = g[i] + s.penalty * w[i];
    float m = s.beta1 * average[i] + s.share1 * slope;
    float v = s.beta2 * square[i] + s.share2 * slope * slope;
    float top = v > largest[i] ? v : largest[i];
    average[i] = m;
    square[i] = v;
    largest[i] = top;
    w[i] = keep * w[i] - (s.average_rate * m + s.gradient_rate * slope) / (s.root_factor * sqrtf(top) + s.epsilon);
  }
}

WIDE static void rmsprop(float *w, const float *g, float *square, float *average, float *velocity, int64_t count,
                         const vector_rmsprop_step *step) {
  vector_rmsprop_step s = *step;
  float share = 1 - s.smoothing;
  if (!average && !velocity) {
    EACH for (int64_t i = 0; i < count; i++) {
      float slope = g[i] + s.decay * w[i];
      float v = s.smoothing * square[i] + share * slope * slope;
      square[i] = v;
      w[i] -= s.rate * (slope / (sqrtf(v) + s.epsilon));
    }
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    float slope = g[i] + s.decay * w[i];
    float v = s.smoothing * square[i] + share * slope * slope;
    square[i] = v;
    if (average) {
      average[i] = s.smoothing * average[i] + share * slope;
      v -= average[i] * average[i];
      v = v < 0 ? 0 : v;
    }
    float change = slope / (sqrtf(v) + s.epsilon);
    if (velocity) velocity[i] = change = s.momentum * velocity[i] + change;
    w[i] -= s.rate * change;
  }
}

WIDE static void adagrad(float *w, const float *g, float *sum, int64_t count, const vector_adagrad_step *step) {
  vector_adagrad_step s = *step;
  EACH for (int64_t i = 0; i < count; i++) {
    float slope = g[i] + s.decay * w[i];
    float total = sum[i] + slope * slope;
    sum[i] = total;
    w[i] -= s.rate * slope / (sqrtf(total) + s.epsilon);
  }
}

WIDE static void adadelta(float *w, const float *g, float *square, float *change, int64_t count,
                          const vector_adadelta_step *step) {
  vector_adadelta_step s = *step;
  float share = 1 - s.smoothing;
  EACH for (int64_t i = 0; i < count; i++) {
    float slope = g[i] + s.decay * w[i];
    float v = s.smoothing * square[i] + share * slope * slope;
    float d = sqrtf(change[i] + s.epsilon) / sqrtf(v + s.epsilon) * slope;
    square[i] = v;
    change[i] = s.smoothing * change[i] + share * d * d;
    w[i] -= s.rate * d;
  }
}

WIDE static void blend(const float *x, float *a, int64_t count, float share) {
  EACH for (int64_t i = 0; i < count; i++) a[i] += share * (x[i] - a[i]);
}

WIDE static void accumulate(const float *x, float *a, int64_t count) {
  EACH for (int64_t i = 0; i < count; i++) a[i] += x[i];
}

struct task {
  float *w;
  const float *g;
  float *a, *b, *c;
  int64_t count;
  const void *step;
  float share;
  int parts;
};

// A slice of the arrays, some of which may be missing.
#define AT(array) (t->array ? t->array + s.start : 0)
#define PART(name, call)                              \
  static void name##_part(void *context, int part) { \
    struct task *t = context;                         \
    slice s = slice_of(t->count, part, t->parts);     \
    call;                                             \
  }

PART(sgd_plain, sgd_plain(AT(w), AT(g), s.count, t->step))
PART(sgd_first, sgd_first(AT(w), AT(g), AT(a), s.count, t->step))
PART(sgd_momentum, sgd_momentum(AT(w), AT(g), AT(a), s.count, t->step))
PART(adam, adam(AT(w), AT(g), AT(a), AT(b), s.count, t->step))
PART(adam_largest, adam_largest(AT(w), AT(g), AT(a), AT(b), AT(c), s.count, t->step))
PART(rmsprop, rmsprop(AT(w), AT(g), AT(a), AT(b), AT(c), s.count, t->step))
PART(adagrad, adagrad(AT(w), AT(g), AT(a), s.count, t->step))
PART(adadelta, adadelta(AT(w), AT(g), AT(a), AT(b), s.count, t->step))
PART(blend, blend(AT(g), AT(w), s.count, t->share))
PART(accumulate, accumulate(AT(g), AT(w), s.count))

// From 2^19 numbers on, about 100 microseconds of work, a second thread takes half.
static void run(void (*part)(void *, int), struct task task) {
  task.parts = task.count >= 1 << 19 ? slices : 1;
  team_share(task.parts, part, &task);
}

void vector_sgd(float *w, const float *g, float *velocity, int64_t count, const vector_sgd_step *step) {
  run(step->momentum == 0 ? sgd_plain_part : step->is_first ? sgd_first_part : sgd_momentum_part,
      (struct task){w, g, velocity, 0, 0, count, step, 0, 1});
}

void vector_adam(float *w, const float *g, float *average, float *square, float *largest, int64_t count,
                 const vector_adam_step *step) {
  run(largest ? adam_largest_part : adam_part, (struct task){w, g, average, square, largest, count, step, 0, 1});
}

void vector_rmsprop(float *w, const float *g, float *square, float *average, float *velocity, int64_t count,
                    const vector_rmsprop_step *step) {
  run(rmsprop_part, (struct task){w, g, square, average, velocity, count, step, 0, 1});
}

void vector_adagrad(float *w, const float *g, float *sum, int64_t count, const vector_adagrad_step *step) {
  run(adagrad_part, (struct task){w, g, sum, 0, 0, count, step, 0, 1});
}

void vector_adadelta(float *w, const float *g, float *square, float *change, int64_t count,
                     const vector_adadelta_step *step) {
  run(adadelta_part, (struct task){w, g, square, change, 0, count, step, 0, 1});
}

void vector_blend(const float *x, float *a, int64_t count, float share) {
  run(blend_part, (struct task){a, x, 0, 0, 0, count, 0, share, 1});
}

void vector_accumulate(const float *x, float *a, int64_t count) {
  run(accumulate_part, (struct task){a, x, 0, 0, 0, count, 0, 0, 1});
}
