#include "library.h"
#include "conednn.h"
#include "openmp.h"

#include <pthread.h>
#include <stdlib.h>

void onednn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major, *minor = version->minor, *patch = version->patch;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;

static dnnl_primitive_attr_t attributes;
static pthread_key_t leaving;  // frees the scratch memory of a thread that ends

static void begin(void) {
  pthread_key_create(&leaving, free);
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = 0;
  if (dnnl_primitive_attr_create(&attributes) == dnnl_success)
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
}

dnnl_engine_t library_engine(void) {
  pthread_once(&once, begin);
  return engine;
}

const_dnnl_primitive_attr_t library_attributes(void) { return attributes; }

static _Thread_local size_t scratch_bytes;

void *library_scratch(size_t bytes) {
  void *memory = pthread_getspecific(leaving);
  if (bytes <= scratch_bytes) return memory;
  free(memory);
  size_t rounded = (bytes + 4095) / 4096 * 4096;
  memory = aligned_alloc(64, rounded);
  if (!memory) abort();
  scratch_bytes = rounded;
  pthread_setspecific(leaving, memory);
  return memory;
}

void onednn_set_threads(int threads) { openmp_limit(threads); }

int onednn_threads(void) { return omp_get_max_threads(); }

int library_exchange_threads(int threads) { return openmp_exchange_limit(threads); }
