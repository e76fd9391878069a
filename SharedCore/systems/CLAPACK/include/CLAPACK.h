// Decompositions of LAPACK, through its C interface LAPACKE. The library is loaded by the first call: a program that
// never asks pays nothing for it when it starts, and builds without it.
#pragma once

// What a function returns when the library could not be loaded; else LAPACK's own info: 0 for success.
#define LAPACK_ABSENT (-1000000)

// Why the library could not be loaded, in the system's words; to be read after LAPACK_ABSENT.
const char *lapack_problem(void);

// Matrices are column-major and double; what stands in a and b is overwritten. Sizes as in LAPACK's documentation.

// Least squares by the singular values (divide and conquer): b [max(m, n), k] becomes the solution in its first n rows.
int lapack_least_squares(int m, int n, int k, double *a, double *b, double *singular_values, double cutoff, int *rank);

// a = u diag(s) vt with u [m, r], s [r], vt [r, n], r = min(m, n) (divide and conquer).
int lapack_singular_values(int m, int n, double *a, double *s, double *u, double *vt);

// b [n, k] becomes the solution of a x = b (LU with row exchanges); info above 0: a is singular.
int lapack_solve(int n, int k, double *a, double *b);
