#pragma once

#include <stdint.h>

/// Sets of instructions of x86-64 processors, a bit each, by the names of the compiler's `__builtin_cpu_supports`.
#define FOR_EACH_INSTRUCTION_SET(X) \
  X(0, "popcnt") X(1, "sse4.2") X(2, "avx") X(3, "avx2") X(4, "fma") X(5, "bmi") X(6, "bmi2") X(7, "avx512f") \
  X(8, "avx512cd") X(9, "avx512bw") X(10, "avx512dq") X(11, "avx512vl") X(12, "avx512ifma") X(13, "avx512vbmi") \
  X(14, "avx512vbmi2") X(15, "avx512vnni") X(16, "avx512bitalg") X(17, "avx512vpopcntdq") X(18, "avx512bf16") \
  X(19, "gfni") X(20, "vpclmulqdq")

/// Those that the module which calls this is compiled for; none on processors of another kind.
static inline uint64_t compiled_instruction_sets(void) {
  uint64_t sets = 0;
#ifdef __POPCNT__
  sets |= UINT64_C(1) << 0;
#endif
#ifdef __SSE4_2__
  sets |= UINT64_C(1) << 1;
#endif
#ifdef __AVX__
  sets |= UINT64_C(1) << 2;
#endif
#ifdef __AVX2__
  sets |= UINT64_C(1) << 3;
#endif
#ifdef __FMA__
  sets |= UINT64_C(1) << 4;
#endif
#ifdef __BMI__
  sets |= UINT64_C(1) << 5;
#endif
#ifdef __BMI2__
  sets |= UINT64_C(1) << 6;
#endif
#ifdef __AVX512F__
  sets |= UINT64_C(1) << 7;
#endif
#ifdef __AVX512CD__
  sets |= UINT64_C(1) << 8;
#endif
#ifdef __AVX512BW__
  sets |= UINT64_C(1) << 9;
#endif
#ifdef __AVX512DQ__
  sets |= UINT64_C(1) << 10;
#endif
#ifdef __AVX512VL__
  sets |= UINT64_C(1) << 11;
#endif
#ifdef __AVX512IFMA__
  sets |= UINT64_C(1) << 12;
#endif
#ifdef __AVX512VBMI__
  sets |= UINT64_C(1) << 13;
#endif
#ifdef __AVX512VBMI2__
  sets |= UINT64_C(1) << 14;
#endif
#ifdef __AVX512VNNI__
  sets |= UINT64_C(1) << 15;
#endif
#ifdef __AVX512BITALG__
  sets |= UINT64_C(1) << 16;
#endif
#ifdef __AVX512VPOPCNTDQ__
  sets |= UINT64_C(1) << 17;
#endif
#ifdef __AVX512BF16__
  sets |= UINT64_C(1) << 18;
#endif
#ifdef __GFNI__
  sets |= UINT64_C(1) << 19;
#endif
#ifdef __VPCLMULQDQ__
  sets |= UINT64_C(1) << 20;
#endif
  return sets;
}

/// Whether that code has 32 registers of sixteen single-precision numbers to work with.
#ifdef __AVX512F__
#define HAS_WIDE_REGISTERS 1
#else
#define HAS_WIDE_REGISTERS 0
#endif

/// Those that the processor has and the system lets programs use.
uint64_t processor_instruction_sets(void);

/// The name of the first in `sets`; NULL where there is none.
const char *first_instruction_set(uint64_t sets);
