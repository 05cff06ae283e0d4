#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

#include <stdbool.h>

/// Whether this build puts itself before the allocator: not with a sanitizer, which does so itself, and
/// not without glibc.
bool allocations_are_counted(void);

/// From now on counts what the calling thread allocates, or no longer does.
void allocations_watch_thread(bool watched);

/// Calls of the allocator by watched threads since the process began.
long allocations_counted(void);

#endif
