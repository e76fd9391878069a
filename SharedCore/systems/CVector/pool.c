// Threads of our own. They wait for work a moment awake and then asleep, so that a neighbour who wants the core gets it,
// and what a late one has not begun the calling thread does itself: work is never slower than on one thread by more than
// the piece that an interrupted thread holds.
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vector.h"

enum { most_threads = 64, turns_awake = 4000 };

static struct {
  pthread_mutex_t owner;  // of the pool: one piece of work at a time
  // The work under way: its number in the upper half, how many parts nobody has taken yet in the lower. While that is
  // above 0 the three fields below do not change, so whoever takes a part by exchanging the state has read them right.
  _Atomic uint64_t state;
  void (*body)(void *, int);
  void *context;
  int parts;
  _Atomic uint32_t ended;     // parts of the present work
  _Atomic uint32_t number;    // the present work's, which sleepers watch
  _Atomic int sleepers;
  _Atomic int limit;
  int started;  // threads beside the caller
} pool = {.owner = PTHREAD_MUTEX_INITIALIZER, .limit = 1};

static inline void rest(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void sleep_while(_Atomic uint32_t *word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}

static void wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, 0, 0, 0); }

// Takes parts of work `number` and does them until none is left.
static void take_parts(uint32_t number) {
  uint64_t state = atomic_load(&pool.state);
  while ((uint32_t)(state >> 32) == number && (uint32_t)state > 0) {
    void (*body)(void *, int) = pool.body;
    void *context = pool.context;
    int parts = pool.parts;
    if (!atomic_compare_exchange_weak(&pool.state, &state, state - 1)) continue;
    body(context, parts - (int)(uint32_t)state);
    if (atomic_fetch_add(&pool.ended, 1) + 1 == (uint32_t)parts) wake(&pool.ended);
    state = atomic_load(&pool.state);
  }
}

static void *work(void *place) {
  int limit_with_me = (int)(intptr_t)place + 1;
  uint32_t done = 0;
  for (;;) {
    uint32_t number = atomic_load(&pool.number);
    for (int turn = 0; number == done && turn < turns_awake; turn++) {
      rest();
      number = atomic_load(&pool.number);
    }
    if (number == done) {
      atomic_fetch_add(&pool.sleepers, 1);
      sleep_while(&pool.number, done);
      atomic_fetch_sub(&pool.sleepers, 1);
      continue;
    }
    done = number;
    if (limit_with_me <= atomic_load(&pool.limit)) take_parts(number);
  }
  return 0;
}

void vector_set_threads(int threads) {
  atomic_store(&pool.limit, threads < 1 ? 1 : threads > most_threads ? most_threads : threads);
}

int vector_threads(void) { return atomic_load(&pool.limit); }

// Starts the threads that are missing; true when there is one beside the caller.
static int have_helpers(int limit) {
  while (pool.started < limit - 1) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, (void *)(intptr_t)(pool.started + 1)) != 0) break;
    pthread_detach(thread);
    pool.started++;
  }
  return pool.started > 0;
}

void vector_parallel(int parts, void (*body)(void *, int), void *context) {
  int limit = atomic_load(&pool.limit);
  if (parts < 2 || limit < 2 || pthread_mutex_trylock(&pool.owner) != 0) {
    for (int part = 0; part < parts; part++) body(context, part);
    return;
  }
  if (!have_helpers(limit)) {
    pthread_mutex_unlock(&pool.owner);
    for (int part = 0; part < parts; part++) body(context, part);
    return;
  }
  uint32_t number = atomic_load(&pool.number) + 1;
  pool.body = body, pool.context = context, pool.parts = parts;
  atomic_store(&pool.ended, 0);
  atomic_store(&pool.state, (uint64_t)number << 32 | (uint32_t)parts);
  atomic_store(&pool.number, number);
  if (atomic_load(&pool.sleepers) > 0) wake(&pool.number);
  take_parts(number);
  for (int turn = 0; atomic_load(&pool.ended) != (uint32_t)parts; turn++) {
    uint32_t ended = atomic_load(&pool.ended);
    if (turn < turns_awake) {
      rest();
    } else if (ended != (uint32_t)parts) {
      sleep_while(&pool.ended, ended);
    }
  }
  pthread_mutex_unlock(&pool.owner);
}
