#pragma once

#include "instruction_sets.h"

/// Makes OpenBLAS use the kernels that it has for all processors with AVX2 and fused multiply-adds, in the place of those
/// for the one at hand: other kernels round differently, and models would differ from machine to machine. The matrices
/// that it multiplies here are small.
///
/// A choice that the user made (OPENBLAS_CORETYPE) stands; so does everything where the processor is another or the
/// library was built for one kind alone. To be called before the library computes anything.
void choose_openblas_kernels(void);
