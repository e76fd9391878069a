#include "conednn.h"
#include "library.h"

int onednn_matmul_strided(const onednn_strided_matmul *product, const float *a, const float *b, float *c) {
  const onednn_strided_matmul p = *product;
  int before = library_exchange_threads(p.threads);
  dnnl_status_t status = dnnl_sgemm(p.transpose_a ? 'T' : 'N', p.transpose_b ? 'T' : 'N', p.m, p.n, p.k, p.alpha, a,
                                    p.row_of_a, b, p.row_of_b, p.beta, c, p.row_of_c);
  library_exchange_threads(before);
  return (int)status;
}
