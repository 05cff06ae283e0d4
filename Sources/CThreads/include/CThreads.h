#ifndef C_THREADS_H
#define C_THREADS_H

/// Tells the processor that this thread spins: the core saves power, and what is waited for is seen sooner.
static inline void spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// The number of the core that the calling thread is on; -1 where the system does not tell.
int current_core(void);

/// Moves the calling thread to a core that is none of `count` `cores`, if there is one that it may use. It may be
/// moved anywhere again afterwards.
void leave_cores(const int *cores, int count);

#endif
