#pragma once
#include <cblas.h>
#include <stddef.h>

// LAPACK, which OpenBLAS has in it, for chosen eigenvalues and eigenvectors of a symmetric matrix. Its
// header is in another package than the library, and Fortran passes the lengths of texts at the end.
void dsyevr_(const char *jobz, const char *range, const char *uplo, const blasint *n, double *a,
             const blasint *lda, const double *vl, const double *vu, const blasint *il,
             const blasint *iu, const double *abstol, blasint *m, double *w, double *z,
             const blasint *ldz, blasint *isuppz, double *work, const blasint *lwork,
             blasint *iwork, const blasint *liwork, blasint *info, size_t jobzLength,
             size_t rangeLength, size_t uploLength);
