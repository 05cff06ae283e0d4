#define _GNU_SOURCE
#include "CThreads.h"

#if defined(__linux__)
#include <sched.h>

int current_core(void) { return sched_getcpu(); }

void leave_cores(const int *cores, int count) {
  cpu_set_t allowed, others;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  others = allowed;
  for (int index = 0; index < count; index++) {
    if (cores[index] >= 0 && cores[index] < CPU_SETSIZE) CPU_CLR(cores[index], &others);
  }
  if (CPU_COUNT(&others) == 0) return;
  // The system moves the thread at once, and leaves it where it is when it may go anywhere again.
  if (sched_setaffinity(0, sizeof others, &others) != 0) return;
  sched_setaffinity(0, sizeof allowed, &allowed);
}
#else
int current_core(void) { return -1; }
void leave_cores(const int *cores, int count) {}
#endif
