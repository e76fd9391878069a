// The limits of our OpenMP run time; openmp.c says why we have one.
#pragma once

// How many threads an operation of any thread may use.
void openmp_limit(int threads);

// The same for the operations of the calling thread alone; 0 lifts it. Returns what it was.
int openmp_exchange_limit(int threads);

// How many threads an operation of the calling thread may use.
int omp_get_max_threads(void);
