// Binary cross entropy with its gradient, of logits and of probabilities.
#include "lanes.h"
#include "slices.h"
#include "team.h"
#include "vector.h"

WIDE static void of_logits(const float *x, const float *t, float *losses, float *gradient, int64_t count) {
  EACH for (int64_t i = 0; i < count; i++) {
    float v = x[i], target = t[i], e = lane_exp(-lane_abs(v)), share = 1 / (1 + e);
    float y = lane_log_of_one_plus(e) - v * target;
    losses[i] = v < 0 ? y : v + y;
    gradient[i] = (v < 0 ? e * share : share) - target;
  }
}

// The logarithm of 1 - p is taken of its own where p is small: 1 - p would lose its digits.
INLINE float log_of_rest(float p) {
  float near = lane_log_near_one(p < 0.25f ? -p : 0);
  return p < 0.25f ? near : lane_log(1 - p);
}

WIDE static void of_probabilities(const float *p, const float *t, float *losses, float *gradient, int64_t count) {
  EACH for (int64_t i = 0; i < count; i++) {
    float v = p[i], target = t[i], yes = lane_log(v), no = log_of_rest(v), divisor = v * (1 - v);
    yes = yes < -100 ? -100 : yes;
    no = no < -100 ? -100 : no;
    losses[i] = -(target * yes + (1 - target) * no);
    gradient[i] = (v - target) / (divisor < 1e-12f ? 1e-12f : divisor);
  }
}

struct task {
  void (*loop)(const float *, const float *, float *, float *, int64_t);
  const float *x, *t;
  float *losses, *gradient;
  int64_t count;
  int parts;
};

static void part(void *context, int number) {
  struct task *task = context;
  slice s = slice_of(task->count, number, task->parts);
  task->loop(task->x + s.start, task->t + s.start, task->losses + s.start, task->gradient + s.start, s.count);
}

// From 2^18 numbers on, about 100 microseconds of work and more, threads share them.
static void run(struct task task) {
  task.parts = task.count >= 1 << 18 ? slices : 1;
  team_share(task.parts, part, &task);
}

void vector_binary_cross_entropy(const float *x, const float *t, float *losses, float *gradient, int64_t count) {
  run((struct task){of_logits, x, t, losses, gradient, count, 1});
}

void vector_binary_cross_entropy_of_probabilities(const float *p, const float *t, float *losses, float *gradient,
                                                  int64_t count) {
  run((struct task){of_probabilities, p, t, losses, gradient, count, 1});
}
