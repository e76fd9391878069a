// What the loops are made of: functions of one number without branches and without calls, so that the compiler turns
// each loop over them into vector instructions.
//
// Polynomials and constants of Moshier's Cephes library (1989, single precision) unless said otherwise.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

// Three versions of a function, of which the program takes the one that fits the processor when it is loaded.
#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

#define INLINE static inline __attribute__((always_inline))

// Before a loop in which a result may lie where an operand lies, and nowhere else.
#define EACH _Pragma("clang loop vectorize(assume_safety)")

INLINE float lane_from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

INLINE uint32_t lane_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

INLINE float lane_abs(float x) { return lane_from_bits(lane_bits(x) & 0x7fffffff); }

// The magnitude of x with the sign of s.
INLINE float lane_signed(float x, float s) { return lane_from_bits(lane_bits(x) | (lane_bits(s) & 0x80000000)); }

// 2 to the power n, for n in -126...127.
INLINE float lane_power_of_two(int32_t n) { return lane_from_bits((uint32_t)(n + 127) << 23); }

// e to the power x + rest, where rest is small beside x: 0 from -104 down, infinity from 89 up; NaN stays NaN.
INLINE float lane_exp_of_sum(float x, float rest) {
  x = x > 89 ? 89 : x < -104 ? -104 : x;
  // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 leaves n, rounded, in the lowest bits.
  float shifted = x * 1.44269504f + 12582912.f;
  float n = shifted - 12582912.f;
  float r = x - n * 0.693359375f - n * -2.12194440e-4f + rest;  // ln 2 in two pieces, the first exact in 10 bits
  float p = 1.9875691e-4f;
  p = p * r + 1.3981999e-3f;
  p = p * r + 8.333452e-3f;
  p = p * r + 4.1665796e-2f;
  p = p * r + 1.6666665e-1f;
  p = p * r + 5.0000001e-1f;
  // 2^n in two factors: one alone would leave the range of exponents where the result is denormal or infinite.
  int32_t exponent = (int32_t)lane_bits(shifted) - 0x4b400000;
  int32_t half = exponent >> 1;
  return (p * r * r + r + 1) * lane_power_of_two(half) * lane_power_of_two(exponent - half);
}

INLINE float lane_exp(float x) { return lane_exp_of_sum(x, 0); }

// exp(x) - 1 for x up to 0: a polynomial near 0, where the subtraction would cancel.
INLINE float lane_exp_minus_one(float x) {
  float p = 1.9875691e-4f;
  p = p * x + 1.3981999e-3f;
  p = p * x + 8.333452e-3f;
  p = p * x + 4.1665796e-2f;
  p = p * x + 1.6666665e-1f;
  p = p * x + 5.0000001e-1f;
  return x > -0.4f ? p * x * x + x : lane_exp(x) - 1;
}

// log(1 + r) for 1 + r in sqrt(1/2)...sqrt(2).
INLINE float lane_log_near_one(float r) {
  float z = r * r;
  float p = 7.0376836292e-2f;
  p = p * r - 1.1514610310e-1f;
  p = p * r + 1.1676998740e-1f;
  p = p * r - 1.2420140846e-1f;
  p = p * r + 1.4249322787e-1f;
  p = p * r - 1.6668057665e-1f;
  p = p * r + 2.0000714765e-1f;
  p = p * r - 2.4999993993e-1f;
  p = p * r + 3.3333331174e-1f;
  return r + (p * r * z - 0.5f * z);
}

// The natural logarithm; -infinity at 0, NaN below.
INLINE float lane_log(float x) {
  int is_small = x < 1.17549435e-38f;  // a denormal number has no exponent to read
  uint32_t bits = lane_bits(is_small ? x * 8388608.f : x);
  // x = m 2^n with m in sqrt(1/2)...sqrt(2)
  uint32_t shifted = bits - 0x3f3504f3;
  int32_t n = (int32_t)shifted >> 23;
  float m = lane_from_bits((shifted & 0x007fffff) + 0x3f3504f3);
  float exponent = (float)n - (is_small ? 23.f : 0.f);
  float y = lane_log_near_one(m - 1) + exponent * -2.12194440e-4f;
  y = y + exponent * 0.693359375f;
  y = x == INFINITY ? INFINITY : y;
  y = x == 0 ? -INFINITY : y;
  return x >= 0 ? y : NAN;
}

// log(1 + u) for u in 0...1.
INLINE float lane_log_of_one_plus(float u) {
  int is_far = u > 0.41421356f;
  float y = lane_log_near_one(is_far ? (u - 1) * 0.5f : u);
  return is_far ? y + 0.69314718f : y;
}

// 1 / (1 + exp(-x)); where the exponential is infinite, 0 is right.
INLINE float lane_sigmoid(float x) { return 1 / (1 + lane_exp(-x)); }

// A polynomial near 0, where the difference of exponentials would cancel, and 1 - 2 / (exp(2 |x|) + 1) elsewhere.
INLINE float lane_tanh(float x) {
  float distance = lane_abs(x);
  float z = x * x;
  float p = -5.7049887e-3f;
  p = p * z + 2.0639089e-2f;
  p = p * z - 5.3739716e-2f;
  p = p * z + 1.3331442e-1f;
  p = p * z - 3.3333282e-1f;
  float near = p * z * x + x;
  float far = 1 - 2 / (lane_exp(2 * distance) + 1);
  return distance < 0.625f ? near : lane_signed(far, x);
}

// max(x, 0) + log(1 + exp(-|x|)): the logarithm of 1 + exp(x), in which no exponential overflows.
INLINE float lane_softplus(float x) {
  float y = lane_log_of_one_plus(lane_exp(-lane_abs(x)));
  return x < 0 ? y : x + y;
}

// The normal distribution at x: how probable a smaller number is, and the density.
//
// Below 0 it is exp(-x^2 / 2) t P(t) with t = 1 / (1 + 0.21 |x|); the square is split, so that its rounding does not
// become a relative error of the exponential. P fitted over 0...14.5, to 3 in 10^8.
typedef struct {
  float distribution, density;
} lane_normal_pair;

INLINE lane_normal_pair lane_normal(float x) {
  float a = lane_abs(x);
  a = a > 16 ? 16 : a;
  float head = lane_from_bits(lane_bits(a) & 0xfffff000);  // 12 bits, so that its square is exact
  float e = lane_exp_of_sum(-0.5f * head * head, -0.5f * (a - head) * (a + head));
  float t = 1 / (1 + 0.21f * a);
  float p = -0.07129489f;
  p = p * t + 0.28180486f;
  p = p * t - 0.3264937f;
  p = p * t + 0.344987f;
  p = p * t - 0.09077274f;
  p = p * t + 0.123472124f;
  p = p * t + 0.06956975f;
  p = p * t + 0.085012436f;
  p = p * t + 0.08371515f;
  float tail = e * p * t;
  lane_normal_pair pair = {x < 0 ? tail : 1 - tail, e * 0.39894228f};
  return pair;
}

// The error function: a polynomial near 0, elsewhere by the normal distribution at sqrt(2) x.
INLINE float lane_erf(float x) {
  float z = x * x;
  float p = 8.8998444e-05f;
  p = p * z - 0.000825688f;
  p = p * z + 0.0052102273f;
  p = p * z - 0.026862795f;
  p = p * z + 0.112837516f;
  p = p * z - 0.37612638f;
  p = p * z + 1.1283792f;
  float near = p * x;
  float far = 2 * lane_normal(1.41421356f * lane_abs(x)).distribution - 1;
  return lane_abs(x) < 0.84f ? near : lane_signed(far, x);
}
