#include "CKernelChoice.h"

#if defined(__linux__) && defined(__x86_64__)
#include <stdlib.h>

// The library chooses when it is loaded, which is before any code of a program; these let it choose again. They are
// there when it was built with the kernels of many processors.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

void choose_openblas_kernels(void) {
  static const char variable[] = "OPENBLAS_CORETYPE";
  if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit || getenv(variable)) return;
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  if (setenv(variable, "Haswell", 0) != 0) return;
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  // Programs that this one starts see the environment as it was.
  unsetenv(variable);
}
#else
void choose_openblas_kernels(void) {}
#endif
