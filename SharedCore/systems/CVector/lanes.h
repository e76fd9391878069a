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

// a + b r + c r^2 + ...: in pairs, which the processor computes at the same time.
INLINE float lane_polynomial(float r, float a, float b, float c, float d, float e, float f) {
  float square = r * r;
  return (a + b * r) + square * ((c + d * r) + square * (e + f * r));
}

// x = n ln 2 + r with |r| <= ln 2 / 2, and exp(r) - 1 - r.
typedef struct {
  float n, r, rest;
  uint32_t bits;  // n, in the lowest
} lane_exponential;

INLINE lane_exponential lane_split(float x) {
  float shifted = x * 1.44269504f + 12582912.f;  // adding 1.5 * 2^23 leaves the integer, rounded
  float n = shifted - 12582912.f;
  float r = x - n * 0.693359375f - n * -2.12194440e-4f;  // ln 2 in two pieces, the first exact in 10 bits
  float p = lane_polynomial(r, 5.0000001e-1f, 1.6666665e-1f, 4.1665796e-2f, 8.333452e-3f, 1.3981999e-3f, 1.9875691e-4f);
  return (lane_exponential){n, r, r * r * p, lane_bits(shifted)};
}

// e to the power x: 0 from -104 down, infinity from 89 up; NaN stays NaN.
INLINE float lane_exp(float x) {
  x = x < -104 ? -104 : x;
  x = x > 89 ? 89 : x;
  lane_exponential e = lane_split(x);
  // 2^n in two factors: one alone would leave the range of exponents where the result is denormal or infinite.
  uint32_t half = e.bits >> 1;
  float first = lane_from_bits((half << 23) + 0x3f800000), second = lane_from_bits(((e.bits - half) << 23) + 0x3f800000);
  return (1 + e.r + e.rest) * first * second;
}

// exp(x) - 1, without cancellation near 0, for x from -87 to 88.
INLINE float lane_exp_minus_one(float x) {
  lane_exponential e = lane_split(x);
  float power = lane_from_bits((e.bits << 23) + 0x3f800000);
  return (power - 1) + power * (e.r + e.rest);
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

// (exp(2 |x|) - 1) / (exp(2 |x|) + 1) with the sign of x; beyond 10 it is 1.
INLINE float lane_tanh(float x) {
  float distance = lane_abs(x);
  float e = lane_exp_minus_one(2 * (distance > 10 ? 10 : distance));
  return lane_signed(e / (e + 2), x);
}

// max(x, 0) + log(1 + exp(-|x|)): the logarithm of 1 + exp(x), in which no exponential overflows.
INLINE float lane_softplus(float x) {
  float y = lane_log_of_one_plus(lane_exp(-lane_abs(x)));
  return x < 0 ? y : x + y;
}

// The error function: x P(x^2) / Q(x^2), fitted over 0...3.8 to 1 in 10^8; from there on it rounds to 1.
INLINE float lane_erf(float x) {
  float z = x * x;
  float p = lane_polynomial(z, 1.1283791f, 0.18624921f, 0.052310683f, 0.0036150606f, 0.00028650914f, 2.1510436e-6f);
  float q = lane_polynomial(z, 1, 0.49839202f, 0.1124918f, 0.014667238f, 0.0011350983f, 3.92136e-5f);
  float y = x * p / q;
  y = x > 3.8f ? 1 : y;
  return x < -3.8f ? -1 : y;
}

// How probable a normally distributed number below x is; to 3 in 10^7, not to so many digits far below 0.
INLINE float lane_normal(float x) { return 0.5f + 0.5f * lane_erf(0.70710678f * x); }
