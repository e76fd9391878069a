// What the files of this folder share: one engine, and the C interfaces of versions 2 and 3 under one spelling.
#pragma once
#include <dnnl.h>
#include <stddef.h>

// The engine of the process, null when the library has none.
dnnl_engine_t library_engine(void);

// The calling thread's operations use at most `threads` threads from now on, as many as allowed when it is 0.
// Returns what it was.
int library_exchange_threads(int threads);

// Memory of the calling thread for what a primitive needs while it runs; it grows and stays. The library would keep it
// for the thread that made the primitive, which need not be the one that runs it.
void *library_scratch(size_t bytes);

// Attributes of a primitive that is given its scratch memory when it runs.
const_dnnl_primitive_attr_t library_attributes(void);

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t description;
typedef const_dnnl_memory_desc_t const_description;
static inline int describe(description *d, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides) {
  return dnnl_memory_desc_create_with_strides(d, rank, sizes, dnnl_f32, strides) == dnnl_success;
}
static inline int describe_tag(description *d, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(d, rank, sizes, dnnl_f32, tag) == dnnl_success;
}
static inline void forget(description d) { if (d) dnnl_memory_desc_destroy(d); }
static inline const_description query(dnnl_primitive_desc_t p, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(p, what, 0);
}
static inline int equal(const_description a, description b) { return dnnl_memory_desc_equal(a, b); }
static inline size_t size_of(const_description d) { return dnnl_memory_desc_get_size(d); }
static inline dnnl_memory_t place_const(const_description d, dnnl_engine_t engine) {
  dnnl_memory_t memory = 0;
  return dnnl_memory_create(&memory, d, engine, DNNL_MEMORY_NONE) == dnnl_success ? memory : 0;
}
static inline dnnl_memory_t place(description d, dnnl_engine_t engine) { return place_const(d, engine); }
#else
typedef dnnl_memory_desc_t description;
typedef const dnnl_memory_desc_t *const_description;
static inline int describe(description *d, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides) {
  return dnnl_memory_desc_init_by_strides(d, rank, sizes, dnnl_f32, strides) == dnnl_success;
}
static inline int describe_tag(description *d, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(d, rank, sizes, dnnl_f32, tag) == dnnl_success;
}
static inline void forget(description d) { (void)d; }
static inline const_description query(dnnl_primitive_desc_t p, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(p, what, 0);
}
static inline int equal(const_description a, description b) { return dnnl_memory_desc_equal(a, &b); }
static inline size_t size_of(const_description d) { return dnnl_memory_desc_get_size(d); }
static inline dnnl_memory_t place_const(const_description d, dnnl_engine_t engine) {
  dnnl_memory_t memory = 0;
  return dnnl_memory_create(&memory, d, engine, DNNL_MEMORY_NONE) == dnnl_success ? memory : 0;
}
static inline dnnl_memory_t place(description d, dnnl_engine_t engine) { return place_const(&d, engine); }
#endif

// The scratch memory that a primitive will ask for.
typedef struct {
  dnnl_memory_t memory;
  size_t bytes;
} scratch;

static inline int plan_scratch(scratch *s, dnnl_primitive_desc_t p, dnnl_engine_t engine) {
  const_description d = query(p, dnnl_query_scratchpad_md);
  s->bytes = d ? size_of(d) : 0;
  return !s->bytes || (s->memory = place_const(d, engine)) != 0;
}

// Adds the scratch memory to the `count` arguments; returns how many there are then.
static inline int with_scratch(const scratch *s, dnnl_exec_arg_t *arguments, int count) {
  if (!s->bytes) return count;
  dnnl_memory_set_data_handle(s->memory, library_scratch(s->bytes));
  arguments[count] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, s->memory};
  return count + 1;
}

static inline void forget_scratch(scratch *s) { if (s->memory) dnnl_memory_destroy(s->memory); }
