#include "library.h"
#include "conednn.h"
#include "openmp.h"

#include <pthread.h>

void onednn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major, *minor = version->minor, *patch = version->patch;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;

static void begin(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = 0;
}

dnnl_engine_t library_engine(void) {
  pthread_once(&once, begin);
  return engine;
}

void onednn_set_threads(int threads) { openmp_limit(threads); }

int library_exchange_threads(int threads) { return openmp_exchange_limit(threads); }
