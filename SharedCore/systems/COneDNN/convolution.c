#include "conednn.h"
#include "library.h"

#include <stdlib.h>

// The primitive and, where the library wants weights in an order of its own, the way there or back.
struct onednn_convolution {
  dnnl_primitive_t primitive, reorder;
  dnnl_stream_t stream;
  dnnl_memory_t image_in, image_out, bias, weights, packed;
  scratch scratch, reorder_scratch;
  int pass, threads;
  size_t packed_count;
};

#if DNNL_VERSION_MAJOR >= 3
static dnnl_primitive_desc_t plan_convolution(
    dnnl_engine_t e, int pass, description *x, description *w, description *bias, description *y,
    const dnnl_dims_t stride, const dnnl_dims_t dilation, const dnnl_dims_t before, const dnnl_dims_t after) {
  dnnl_primitive_desc_t p = 0, hint = 0;
  dnnl_convolution_forward_primitive_desc_create(
      pass == ONEDNN_FORWARD ? &p : &hint, e, dnnl_forward_training, dnnl_convolution_direct, *x, *w,
      bias ? *bias : 0, *y, stride, dilation, before, after, library_attributes());
  if (pass == ONEDNN_INPUT_GRADIENT && hint)
    dnnl_convolution_backward_data_primitive_desc_create(
        &p, e, dnnl_convolution_direct, *x, *w, *y, stride, dilation, before, after, hint, library_attributes());
  if (pass == ONEDNN_WEIGHT_GRADIENT && hint)
    dnnl_convolution_backward_weights_primitive_desc_create(
        &p, e, dnnl_convolution_direct, *x, *w, 0, *y, stride, dilation, before, after, hint, library_attributes());
  if (hint) dnnl_primitive_desc_destroy(hint);
  return p;
}
#define ADDRESS(d) (d)
#else
static dnnl_primitive_desc_t plan_convolution(
    dnnl_engine_t e, int pass, description *x, description *w, description *bias, description *y,
    const dnnl_dims_t stride, const dnnl_dims_t dilation, const dnnl_dims_t before, const dnnl_dims_t after) {
  dnnl_convolution_desc_t o;
  dnnl_primitive_desc_t p = 0, hint = 0;
  if (dnnl_dilated_convolution_forward_desc_init(
          &o, dnnl_forward_training, dnnl_convolution_direct, x, w, bias, y, stride, dilation, before, after)
      || dnnl_primitive_desc_create(pass == ONEDNN_FORWARD ? &p : &hint, &o, library_attributes(), e, 0))
    return 0;
  if (pass == ONEDNN_FORWARD) return p;
  int ok = pass == ONEDNN_INPUT_GRADIENT
    ? !dnnl_dilated_convolution_backward_data_desc_init(
          &o, dnnl_convolution_direct, x, w, y, stride, dilation, before, after)
    : !dnnl_dilated_convolution_backward_weights_desc_init(
          &o, dnnl_convolution_direct, x, w, 0, y, stride, dilation, before, after);
  if (!ok || dnnl_primitive_desc_create(&p, &o, library_attributes(), e, hint)) p = 0;
  dnnl_primitive_desc_destroy(hint);
  return p;
}
#define ADDRESS(d) (&(d))
#endif

static int plan_reorder(onednn_convolution_t c, dnnl_engine_t e, const_description from, const_description to) {
  dnnl_primitive_desc_t p = 0;
  int ok = dnnl_reorder_primitive_desc_create(&p, from, e, to, e, library_attributes()) == dnnl_success
           && dnnl_primitive_create(&c->reorder, p) == dnnl_success && plan_scratch(&c->reorder_scratch, p, e);
  if (p) dnnl_primitive_desc_destroy(p);
  return ok;
}

typedef struct {
  dnnl_dims_t source, weights, target, bias, stride, dilation, before, after;
  int rank, weights_rank;
} sizes;

// Two directions of space, or three where there is a depth; the weights get a dimension for the groups.
static sizes sizes_of(const onednn_convolution_shape *s) {
  int first = s->input[0] == 1 && s->output[0] == 1 && s->kernel[0] == 1 ? 1 : 0;
  sizes z = {.rank = 2 + 3 - first, .weights_rank = 2 + 3 - first + (s->groups > 1)};
  z.source[0] = z.target[0] = s->batch;
  z.source[1] = s->input_channels, z.target[1] = z.bias[0] = s->output_channels;
  int at = 0;
  if (s->groups > 1) z.weights[at++] = s->groups;
  z.weights[at++] = s->output_channels / s->groups, z.weights[at++] = s->input_channels / s->groups;
  for (int d = first; d < 3; d++) {
    int i = d - first;
    z.source[2 + i] = s->input[d], z.target[2 + i] = s->output[d], z.weights[at + i] = s->kernel[d];
    z.stride[i] = s->stride[d], z.dilation[i] = s->dilation[d] - 1, z.before[i] = s->padding[d];
    // how far the last output reaches beyond the input; where it stops before the end, nothing
    int64_t reach = (s->kernel[d] - 1) * s->dilation[d] + 1, room = s->input[d] + s->padding[d] - reach;
    int64_t after = (s->output[d] - 1) * s->stride[d] - room;
    z.after[i] = after < 0 ? 0 : after;
  }
  return z;
}

// Images N, S, C; weights as `row_major` or as the library likes them.
static int describe_images(const sizes *z, description *source, description *target) {
  dnnl_format_tag_t tag = z->rank == 5 ? dnnl_ndhwc : dnnl_nhwc;
  return describe_tag(source, z->rank, z->source, tag) && describe_tag(target, z->rank, z->target, tag);
}

static int describe_weights(const sizes *z, description *weights, int row_major) {
  static const dnnl_format_tag_t tags[] = {dnnl_abcd, dnnl_abcde, dnnl_abcdef};
  return describe_tag(weights, z->weights_rank, z->weights, row_major ? tags[z->weights_rank - 4] : dnnl_format_tag_any);
}

onednn_convolution_t onednn_convolution_create(const onednn_convolution_shape *shape, int pass, int bias, int threads) {
  dnnl_engine_t engine = library_engine();
  onednn_convolution_t c = calloc(1, sizeof *c);
  if (!engine || !c) { free(c); return 0; }
  c->pass = pass, c->threads = threads;
  int before = library_exchange_threads(threads);
  sizes z = sizes_of(shape);
  description source = {0}, target = {0}, weights = {0}, plain = {0}, d_bias = {0};
  dnnl_primitive_desc_t p = 0;
  int ok = describe_images(&z, &source, &target) && describe_weights(&z, &weights, 0) && describe_weights(&z, &plain, 1)
           && describe_tag(&d_bias, 1, z.bias, dnnl_a);
  if (ok) p = plan_convolution(engine, pass, &source, &weights, bias ? &d_bias : 0, &target, z.stride, z.dilation, z.before, z.after);
  ok = p && dnnl_primitive_create(&c->primitive, p) == dnnl_success
       && dnnl_stream_create(&c->stream, engine, dnnl_stream_default_flags) == dnnl_success;
  if (ok) {
    const_description liked = query(p, pass == ONEDNN_WEIGHT_GRADIENT ? dnnl_query_diff_weights_md : dnnl_query_weights_md);
    int same = equal(liked, plain);
    c->packed_count = same ? 0 : size_of(liked) / sizeof(float);
    ok = (c->image_in = place(pass == ONEDNN_INPUT_GRADIENT ? target : source, engine))
         && (c->image_out = place(pass == ONEDNN_INPUT_GRADIENT ? source : target, engine))
         && plan_scratch(&c->scratch, p, engine) && (c->weights = place(plain, engine)) && (c->packed = place_const(liked, engine))
         && (!bias || (c->bias = place(d_bias, engine)));
    if (ok && !same)
      ok = pass == ONEDNN_WEIGHT_GRADIENT ? plan_reorder(c, engine, liked, ADDRESS(plain))
                                          : plan_reorder(c, engine, ADDRESS(plain), liked);
  }
  if (p) dnnl_primitive_desc_destroy(p);
  forget(source), forget(target), forget(weights), forget(plain), forget(d_bias);
  library_exchange_threads(before);
  if (ok) return c;
  onednn_convolution_destroy(c);
  return 0;
}

size_t onednn_convolution_packed_count(onednn_convolution_t c) { return c->packed_count; }

static int reorder(onednn_convolution_t c, dnnl_memory_t from, dnnl_memory_t to) {
  dnnl_exec_arg_t arguments[3] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  int count = with_scratch(&c->reorder_scratch, arguments, 2);
  int before = library_exchange_threads(c->threads);
  int failed = dnnl_primitive_execute(c->reorder, c->stream, count, arguments) || dnnl_stream_wait(c->stream);
  library_exchange_threads(before);
  return failed;
}

int onednn_convolution_pack(onednn_convolution_t c, const float *weights, float *packed) {
  dnnl_memory_set_data_handle(c->weights, (void *)weights);
  dnnl_memory_set_data_handle(c->packed, packed);
  return reorder(c, c->weights, c->packed);
}

int onednn_convolution_run(onednn_convolution_t c, const float *a, const float *b, const float *bias, float *result) {
  static const int names[3][3] = {
    {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
    {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC},
    {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS}};
  dnnl_memory_t first = c->image_in, second = c->packed, third = c->image_out;
  if (c->pass == ONEDNN_WEIGHT_GRADIENT) second = c->image_out, third = c->packed;
  dnnl_memory_set_data_handle(first, (void *)a);
  dnnl_memory_set_data_handle(second, (void *)b);
  dnnl_memory_set_data_handle(third, result);
  if (c->bias) dnnl_memory_set_data_handle(c->bias, (void *)bias);
  dnnl_exec_arg_t arguments[5] = {
    {names[c->pass][0], first}, {names[c->pass][1], second}, {names[c->pass][2], third}, {DNNL_ARG_BIAS, c->bias}};
  int count = with_scratch(&c->scratch, arguments, c->bias ? 4 : 3);
  int before = library_exchange_threads(c->threads);
  int failed = dnnl_primitive_execute(c->primitive, c->stream, count, arguments) || dnnl_stream_wait(c->stream);
  library_exchange_threads(before);
  return failed;
}

int onednn_convolution_unpack(onednn_convolution_t c, const float *packed, float *weights) {
  dnnl_memory_set_data_handle(c->packed, (void *)packed);
  dnnl_memory_set_data_handle(c->weights, weights);
  return reorder(c, c->packed, c->weights);
}

void onednn_convolution_destroy(onednn_convolution_t c) {
  if (!c) return;
  dnnl_memory_t memories[] = {c->image_in, c->image_out, c->bias, c->weights, c->packed};
  for (int i = 0; i < 5; i++) if (memories[i]) dnnl_memory_destroy(memories[i]);
  forget_scratch(&c->scratch), forget_scratch(&c->reorder_scratch);
  if (c->reorder) dnnl_primitive_destroy(c->reorder);
  if (c->stream) dnnl_stream_destroy(c->stream);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  free(c);
}
