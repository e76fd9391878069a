// One team of threads for everything that runs on several: our own loops and oneDNN's.
//
// Two teams would take the cores from each other: while one waits awake for its next work, the other's thread that has
// work finds no core. LeNet-5 ran 1.4 times as fast on two cores as on one that way.
#pragma once

// Runs body(context, 0) ... body(context, parts - 1), each once, in any order and on any of the threads; returns when all
// have ended. The calling thread takes part, and does everything itself where the team is busy or has one thread.
void team_share(int parts, void (*body)(void *context, int part), void *context);

// Runs body(context, 0) ... body(context, members - 1) at the same time, each on a thread of its own, so that they may
// wait for each other; the calling thread is member 0. Waits while the team is busy; not to be called by a member.
void team_together(int members, void (*body)(void *context, int member), void *context);

// Returns when `members` members of the same team have called it. Only inside `team_together`.
void team_barrier(int members);

// Whether the calling thread is doing a part or is a member.
int team_is_at_work(void);

// How many threads, the calling one among them, later work may use: 1 to team_most.
enum { team_most = 64 };
void team_set_threads(int threads);
int team_threads(void);
