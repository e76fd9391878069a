// The six functions of OpenMP that oneDNN calls.
//
// GNU's run time keeps its threads spinning at every barrier. That is fast on an idle machine, and it collapses as soon
// as another program takes a core: a step of 2.5 ms was measured at 322 ms. Here a thread spins for some microseconds
// and then sleeps until it is woken. The definitions in the program come before those of the library, so oneDNN finds
// these; built with another run time it never asks for them.
#define _GNU_SOURCE
#include "openmp.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_threads = 256, spins = 2000 };  // about 30 microseconds

static atomic_int limit;  // 0 until somebody says
static _Thread_local int own_limit;
static _Thread_local int number, team_size = 1, inside;  // inside: a region of several threads is under way

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Returns when `*word` is no longer `value`.
static void wait_while(atomic_int *word, int value) {
  for (int i = 0; i < spins; i++) {
    if (atomic_load_explicit(word, memory_order_acquire) != value) return;
    pause_briefly();
  }
  while (atomic_load_explicit(word, memory_order_acquire) == value)
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}

static void wake(atomic_int *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, most_threads, 0, 0, 0); }

// One team: regions of several threads take turns.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static void (*volatile work)(void *);
static void *volatile argument;
static volatile int size;
static int hired;
static _Alignas(64) atomic_int started[most_threads][16];  // a word on a cache line of its own for each worker
static _Alignas(64) atomic_int busy, arrived, barriers;

static void *serve(void *mine) {
  int me = (int)(long)mine, last = 0;
  for (;;) {
    wait_while(&started[me][0], last);
    last++;
    number = me, team_size = size, inside = 1;
    work(argument);
    number = 0, team_size = 1, inside = 0;
    if (atomic_fetch_sub_explicit(&busy, 1, memory_order_acq_rel) == 1) wake(&busy);
  }
  return 0;
}

static void hire(int workers) {
  for (; hired < workers; hired++) {
    pthread_t thread;
    if (pthread_create(&thread, 0, serve, (void *)(long)(hired + 1))) abort();
    pthread_detach(thread);
  }
}

void GOMP_parallel(void (*body)(void *), void *data, unsigned count, unsigned flags) {
  (void)flags;
  extern int omp_get_max_threads(void);
  if (count == 0) count = (unsigned)omp_get_max_threads();
  if (count > most_threads) count = most_threads;
  if (count == 1 || inside) {
    int outer_number = number, outer_size = team_size;
    number = 0, team_size = 1;
    body(data);
    number = outer_number, team_size = outer_size;
    return;
  }
  pthread_mutex_lock(&turn);
  hire((int)count - 1);
  work = body, argument = data, size = (int)count;
  atomic_store_explicit(&busy, (int)count - 1, memory_order_release);
  for (unsigned i = 1; i < count; i++) {
    atomic_fetch_add_explicit(&started[i][0], 1, memory_order_release);
    wake(&started[i][0]);
  }
  team_size = (int)count, inside = 1;
  body(data);
  team_size = 1, inside = 0;
  for (int left; (left = atomic_load_explicit(&busy, memory_order_acquire));) wait_while(&busy, left);
  pthread_mutex_unlock(&turn);
}

void GOMP_barrier(void) {
  int members = team_size, now = atomic_load(&barriers);
  if (members == 1) return;
  if (atomic_fetch_add(&arrived, 1) + 1 == members) {
    atomic_store(&arrived, 0);
    atomic_fetch_add(&barriers, 1);
    wake(&barriers);
  } else {
    wait_while(&barriers, now);
  }
}

int omp_get_max_threads(void) {
  if (own_limit) return own_limit;
  int most = atomic_load(&limit);
  if (!most) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    most = processors < 1 ? 1 : processors > most_threads ? most_threads : (int)processors;
    atomic_store(&limit, most);
  }
  return most;
}

int omp_get_num_threads(void) { return team_size; }
int omp_get_thread_num(void) { return number; }
int omp_in_parallel(void) { return inside; }

void openmp_limit(int threads) { atomic_store(&limit, threads < most_threads ? threads : most_threads); }

int openmp_exchange_limit(int threads) {
  int before = own_limit;
  own_limit = threads;
  return before;
}
