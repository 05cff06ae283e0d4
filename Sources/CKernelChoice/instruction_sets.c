#include "instruction_sets.h"

#include <stddef.h>

// This file is compiled for all processors, unlike what asks.
uint64_t processor_instruction_sets(void) {
  uint64_t sets = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
#define ADD(bit, name) \
  if (__builtin_cpu_supports(name)) sets |= UINT64_C(1) << bit;
  FOR_EACH_INSTRUCTION_SET(ADD)
#undef ADD
#endif
  return sets;
}

const char *first_instruction_set(uint64_t sets) {
#define FIND(bit, name) \
  if (sets >> bit & 1) return name;
  FOR_EACH_INSTRUCTION_SET(FIND)
#undef FIND
  return NULL;
}
