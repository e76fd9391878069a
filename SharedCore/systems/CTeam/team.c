// The threads wait for work a moment awake and then asleep, so that a neighbour who wants the core gets it. Of shared
// work, what a late one has not begun the others do: it is never slower than on one thread by more than the piece that an
// interrupted thread holds.
//
// Each thread begins with a stretch of neighbouring parts of its own, the same one every time: half of a batch then stays
// in the cache of the core that made it, in our loops and in oneDNN's, which divides in the same way.
#define _GNU_SOURCE
#include "team.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { turns_awake = 4000, work_number = 128 };

typedef void (*team_body)(void *, int);

static struct {
  pthread_mutex_t owner;  // of the team: one piece of work at a time
  // Shared work, a stretch for each thread: the work's number in the upper half, how many parts nobody has taken yet in
  // the lower. While that is above 0 the fields below do not change, so whoever takes a part by exchanging it has read
  // them right.
  struct {
    _Alignas(64) _Atomic uint64_t left;
  } stretches[team_most];
  team_body body;
  void *context;
  int parts, threads;
  // The present work, which sleepers watch: multiples of work_number, plus the members where they work together. They do
  // not miss it and the fields stay, because the work ends only when each of them has.
  _Atomic uint32_t number;
  _Atomic uint32_t ended;  // parts or members of the present work
  _Atomic int sleepers, caller_sleeps;
  _Atomic int limit;
  int started;  // threads beside the caller
} team = {.owner = PTHREAD_MUTEX_INITIALIZER, .limit = 1};

static _Alignas(64) _Atomic uint32_t arrived, barriers, barrier_sleepers;
static _Thread_local int at_work;

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

static void has_ended(uint32_t all) {
  if (atomic_fetch_add(&team.ended, 1) + 1 == all && atomic_load(&team.caller_sleeps)) wake(&team.ended);
}

static void wait_until_ended(uint32_t all) {
  for (int turn = 0; atomic_load(&team.ended) != all; turn++) {
    if (turn < turns_awake) {
      rest();
      continue;
    }
    atomic_store(&team.caller_sleeps, 1);
    uint32_t ended = atomic_load(&team.ended);
    if (ended != all) sleep_while(&team.ended, ended);
    atomic_store(&team.caller_sleeps, 0);
  }
}

// Where the stretch of `thread` begins.
static int begin(int thread, int parts, int threads) { return (int)((int64_t)parts * thread / threads); }

// Takes parts of shared work `number` out of the stretch of `thread` until none is left there.
static void take_stretch(uint32_t number, int thread) {
  _Atomic uint64_t *left = &team.stretches[thread].left;
  uint64_t state = atomic_load(left);
  while ((uint32_t)(state >> 32) == number && (uint32_t)state > 0) {
    team_body body = team.body;
    void *context = team.context;
    int parts = team.parts, end = begin(thread + 1, parts, team.threads);
    if (!atomic_compare_exchange_weak(left, &state, state - 1)) continue;
    at_work++;
    body(context, end - (int)(uint32_t)state);
    at_work--;
    has_ended((uint32_t)parts);
    state = atomic_load(left);
  }
}

// First its own stretch, then what is left of the others'.
static void take_parts(uint32_t number, int member, int threads) {
  for (int i = 0; i < threads; i++) take_stretch(number, (member + i) % threads);
}

static void *work(void *place) {
  int member = (int)(intptr_t)place;
  uint32_t done = 0;
  for (;;) {
    uint32_t number = atomic_load(&team.number);
    for (int turn = 0; number == done && turn < turns_awake; turn++) {
      rest();
      number = atomic_load(&team.number);
    }
    if (number == done) {
      atomic_fetch_add(&team.sleepers, 1);
      sleep_while(&team.number, done);
      atomic_fetch_sub(&team.sleepers, 1);
      continue;
    }
    done = number;
    int members = (int)(number % work_number);
    if (members == 0) {
      int threads = atomic_load(&team.limit);
      if (member < threads) take_parts(number, member, threads);
    } else if (member < members) {
      at_work++;
      team.body(team.context, member);
      at_work--;
      has_ended((uint32_t)members - 1);
    }
  }
  return 0;
}

void team_set_threads(int threads) {
  atomic_store(&team.limit, threads < 1 ? 1 : threads > team_most ? team_most : threads);
}

int team_threads(void) { return atomic_load(&team.limit); }

int team_is_at_work(void) { return at_work > 0; }

// Starts the threads that are missing; returns how many there are beside the caller.
static int hire(int workers) {
  while (team.started < workers) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, (void *)(intptr_t)(team.started + 1)) != 0) break;
    pthread_detach(thread);
    team.started++;
  }
  return team.started;
}

static void announce(uint32_t number) {
  atomic_store(&team.number, number);
  if (atomic_load(&team.sleepers) > 0) wake(&team.number);
}

static uint32_t next_number(int members) {
  return (atomic_load(&team.number) / work_number + 1) * work_number + (uint32_t)members;
}

void team_share(int parts, team_body body, void *context) {
  int limit = atomic_load(&team.limit);
  if (parts < 2 || limit < 2 || pthread_mutex_trylock(&team.owner) != 0) {
    for (int part = 0; part < parts; part++) body(context, part);
    return;
  }
  if (!hire(limit - 1)) {
    pthread_mutex_unlock(&team.owner);
    for (int part = 0; part < parts; part++) body(context, part);
    return;
  }
  uint32_t number = next_number(0);
  team.body = body, team.context = context, team.parts = parts, team.threads = limit;
  atomic_store(&team.ended, 0);
  for (int thread = 0; thread < limit; thread++) {
    uint32_t stretch = (uint32_t)(begin(thread + 1, parts, limit) - begin(thread, parts, limit));
    atomic_store(&team.stretches[thread].left, (uint64_t)number << 32 | stretch);
  }
  announce(number);
  take_parts(number, 0, limit);
  wait_until_ended((uint32_t)parts);
  pthread_mutex_unlock(&team.owner);
}

void team_together(int members, team_body body, void *context) {
  if (members > team_most) abort();
  pthread_mutex_lock(&team.owner);
  if (hire(members - 1) < members - 1) abort();  // they may wait for each other: fewer would wait for ever
  team.body = body, team.context = context;
  atomic_store(&team.ended, 0);
  announce(next_number(members));
  at_work++;
  body(context, 0);
  at_work--;
  wait_until_ended((uint32_t)members - 1);
  pthread_mutex_unlock(&team.owner);
}

void team_barrier(int members) {
  uint32_t now = atomic_load(&barriers);
  if (members == 1) return;
  if (atomic_fetch_add(&arrived, 1) + 1 == (uint32_t)members) {
    atomic_store(&arrived, 0);
    atomic_fetch_add(&barriers, 1);
    if (atomic_load(&barrier_sleepers) > 0) wake(&barriers);
    return;
  }
  for (int turn = 0; atomic_load(&barriers) == now; turn++) {
    if (turn < turns_awake) {
      rest();
      continue;
    }
    atomic_fetch_add(&barrier_sleepers, 1);
    sleep_while(&barriers, now);
    atomic_fetch_sub(&barrier_sleepers, 1);
  }
}
