#include "CLAPACK.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { column_major = 102 };  // LAPACK_COL_MAJOR

static int (*gelsd)(int, int, int, int, double *, int, double *, int, double *, double, int *);
static int (*gesdd)(int, char, int, int, double *, int, double *, double *, int, double *, int);
static int (*gesv)(int, int, int, double *, int, int *, double *, int);
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[512];

static void load(void) {
  void *library = dlopen("liblapacke.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library) {
    gelsd = dlsym(library, "LAPACKE_dgelsd");
    gesdd = dlsym(library, "LAPACKE_dgesdd");
    gesv = dlsym(library, "LAPACKE_dgesv");
    // Where OpenBLAS stands behind it and has threads of its own, it gets none: the workspace's threads are in our pools.
    void (*set_threads)(int) = dlsym(library, "openblas_set_num_threads");
    if (set_threads) set_threads(1);
  }
  if (gelsd && gesdd && gesv) return;
  const char *error = dlerror();
  snprintf(problem, sizeof problem, "%s", error ? error : "liblapacke.so.3 misses a function");
}

static int is_absent(void) {
  pthread_once(&once, load);
  return !gelsd || !gesdd || !gesv;
}

static int larger(int a, int b) { return a > b ? a : b; }

const char *lapack_problem(void) { return problem; }

int lapack_least_squares(int m, int n, int k, double *a, double *b, double *singular_values, double cutoff, int *rank) {
  if (is_absent()) return LAPACK_ABSENT;
  return gelsd(column_major, m, n, k, a, m, b, larger(m, n), singular_values, cutoff, rank);
}

int lapack_singular_values(int m, int n, double *a, double *s, double *u, double *vt) {
  if (is_absent()) return LAPACK_ABSENT;
  return gesdd(column_major, 'S', m, n, a, m, s, u, m, vt, m < n ? m : n);
}

int lapack_solve(int n, int k, double *a, double *b) {
  if (is_absent()) return LAPACK_ABSENT;
  int *exchanges = malloc(sizeof(int) * (size_t)n);
  if (!exchanges) return LAPACK_ABSENT;
  int info = gesv(column_major, n, k, a, n, exchanges, b, n);
  free(exchanges);
  return info;
}
