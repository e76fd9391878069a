#include "conednn.h"
#include "library.h"

#include <stdlib.h>

struct onednn_matmul {
  dnnl_primitive_t primitive;
  dnnl_stream_t stream;
  dnnl_memory_t a, b, bias, c;
  scratch scratch;
  int threads;
};

#if DNNL_VERSION_MAJOR >= 3
static dnnl_primitive_desc_t plan(dnnl_engine_t e, description a, description b, description *bias, description c) {
  dnnl_primitive_desc_t p = 0;
  return dnnl_matmul_primitive_desc_create(&p, e, a, b, bias ? *bias : 0, c, library_attributes()) == dnnl_success ? p : 0;
}
#else
static dnnl_primitive_desc_t plan(dnnl_engine_t e, description a, description b, description *bias, description c) {
  dnnl_matmul_desc_t operation;
  dnnl_primitive_desc_t p = 0;
  if (dnnl_matmul_desc_init(&operation, &a, &b, bias, &c) != dnnl_success) return 0;
  return dnnl_primitive_desc_create(&p, &operation, library_attributes(), e, 0) == dnnl_success ? p : 0;
}
#endif

onednn_matmul_t onednn_matmul_create(int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b, int bias,
                                    int threads) {
  dnnl_engine_t engine = library_engine();
  onednn_matmul_t product = calloc(1, sizeof *product);
  if (!engine || !product) { free(product); return 0; }
  product->threads = threads;
  int before = library_exchange_threads(threads);

  dnnl_dims_t a_size = {m, k}, b_size = {k, n}, c_size = {m, n}, bias_size = {1, n};
  dnnl_dims_t a_strides = {transpose_a ? 1 : k, transpose_a ? m : 1};
  dnnl_dims_t b_strides = {transpose_b ? 1 : n, transpose_b ? k : 1};
  dnnl_dims_t c_strides = {n, 1}, bias_strides = {n, 1};
  description a = {0}, b = {0}, c = {0}, d = {0};
  int ok = describe(&a, 2, a_size, a_strides) && describe(&b, 2, b_size, b_strides)
           && describe(&c, 2, c_size, c_strides) && describe(&d, 2, bias_size, bias_strides);
  dnnl_primitive_desc_t p = ok ? plan(engine, a, b, bias ? &d : 0, c) : 0;
  ok = p && dnnl_primitive_create(&product->primitive, p) == dnnl_success
       && dnnl_stream_create(&product->stream, engine, dnnl_stream_default_flags) == dnnl_success
       && (product->a = place(a, engine)) && (product->b = place(b, engine))
       && (product->c = place(c, engine)) && plan_scratch(&product->scratch, p, engine) && (!bias || (product->bias = place(d, engine)));
  if (p) dnnl_primitive_desc_destroy(p);
  forget(a), forget(b), forget(c), forget(d);
  library_exchange_threads(before);
  if (ok) return product;
  onednn_matmul_destroy(product);
  return 0;
}

int onednn_matmul_run(onednn_matmul_t p, const float *a, const float *b, const float *bias, float *c) {
  dnnl_memory_set_data_handle(p->a, (void *)a);
  dnnl_memory_set_data_handle(p->b, (void *)b);
  dnnl_memory_set_data_handle(p->c, c);
  if (p->bias) dnnl_memory_set_data_handle(p->bias, (void *)bias);
  dnnl_exec_arg_t arguments[5] = {
    {DNNL_ARG_SRC, p->a}, {DNNL_ARG_WEIGHTS, p->b}, {DNNL_ARG_DST, p->c}, {DNNL_ARG_BIAS, p->bias}};
  int count = with_scratch(&p->scratch, arguments, p->bias ? 4 : 3);
  int before = library_exchange_threads(p->threads);
  dnnl_status_t status = dnnl_primitive_execute(p->primitive, p->stream, count, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(p->stream);
  library_exchange_threads(before);
  return (int)status;
}

void onednn_matmul_destroy(onednn_matmul_t p) {
  if (!p) return;
  if (p->a) dnnl_memory_destroy(p->a);
  if (p->b) dnnl_memory_destroy(p->b);
  if (p->c) dnnl_memory_destroy(p->c);
  if (p->bias) dnnl_memory_destroy(p->bias);
  forget_scratch(&p->scratch);
  if (p->stream) dnnl_stream_destroy(p->stream);
  if (p->primitive) dnnl_primitive_destroy(p->primitive);
  free(p);
}
