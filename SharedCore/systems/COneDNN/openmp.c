// The six functions of OpenMP that oneDNN calls.
//
// GNU's run time keeps its threads spinning at every barrier. That is fast on an idle machine, and it collapses as soon
// as another program takes a core: a step of 2.5 ms was measured at 322 ms. Here our own team does the work. The
// definitions in the program come before those of the library, so oneDNN finds these; built with another run time it
// never asks for them.
#define _GNU_SOURCE
#include "openmp.h"

#include <stdatomic.h>
#include <unistd.h>

#include "team.h"

static atomic_int limit;  // 0 until somebody says
static _Thread_local int own_limit;
static _Thread_local int number, team_size = 1;

typedef struct {
  void (*body)(void *);
  void *data;
  int members;
} region;

static void enter(void *context, int member) {
  region *r = context;
  int outer_number = number, outer_size = team_size;
  number = member, team_size = r->members;
  r->body(r->data);
  number = outer_number, team_size = outer_size;
}

void GOMP_parallel(void (*body)(void *), void *data, unsigned count, unsigned flags) {
  (void)flags;
  if (count == 0) count = (unsigned)omp_get_max_threads();
  if (team_is_at_work()) count = 1;
  region r = {body, data, (int)(count < team_most ? count : team_most)};
  if (r.members == 1) {
    enter(&r, 0);
  } else {
    team_together(r.members, enter, &r);
  }
}

void GOMP_barrier(void) { team_barrier(team_size); }

int omp_get_max_threads(void) {
  if (own_limit) return own_limit;
  int most = atomic_load(&limit);
  if (!most) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    most = processors < 1 ? 1 : processors > team_most ? team_most : (int)processors;
    atomic_store(&limit, most);
  }
  return most;
}

int omp_get_num_threads(void) { return team_size; }
int omp_get_thread_num(void) { return number; }
int omp_in_parallel(void) { return team_is_at_work(); }

void openmp_limit(int threads) { atomic_store(&limit, threads < team_most ? threads : team_most); }

int openmp_exchange_limit(int threads) {
  int before = own_limit;
  own_limit = threads;
  return before;
}
