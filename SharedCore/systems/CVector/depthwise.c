// The weight gradient of a convolution in which each channel has a group of its own, over images with the channels last.
//
// Libraries leave this one at a tenth of what the processor can do. Here sixteen channels stay in registers, with one sum
// for each tap of a row of the kernel, while g and x are walked through side by side.
#include <stdlib.h>

#include "lanes.h"
#include "team.h"
#include "vector.h"

enum { lanes = 16, widest = 7 };

typedef struct {
  const float *g, *x;
  float *dw;
  vector_depthwise_shape s;
} job_t;

// Adds the products of one row of g with one row of x to the sums of a row of the kernel: sums[tap][lane].
INLINE void add_row(const float *g, const float *x, float (*sums)[lanes], const vector_depthwise_shape *s, int taps,
                    int64_t used) {
  float acc[widest][lanes];
  for (int t = 0; t < taps; t++)
    for (int i = 0; i < lanes; i++) acc[t][i] = 0;
  int64_t c = s->channels, first_x = -s->padding_width;
  for (int64_t o = 0; o < s->output_width; o++, g += c, first_x += s->stride_width) {
    float upstream[lanes];
    for (int i = 0; i < used; i++) upstream[i] = g[i];
    if (first_x >= 0 && first_x + (taps - 1) * s->dilation_width < s->input_width) {
      for (int t = 0; t < taps; t++) {
        const float *from = x + (first_x + t * s->dilation_width) * c;
        for (int i = 0; i < used; i++) acc[t][i] += upstream[i] * from[i];
      }
    } else {
      for (int t = 0; t < taps; t++) {
        int64_t at = first_x + t * s->dilation_width;
        if (at < 0 || at >= s->input_width) continue;
        for (int i = 0; i < used; i++) acc[t][i] += upstream[i] * x[at * c + i];
      }
    }
  }
  for (int t = 0; t < taps; t++)
    for (int i = 0; i < used; i++) sums[t][i] += acc[t][i];
}

// All rows for `used` channels from `channel` on.
INLINE void add_channels(const job_t *j, int64_t channel, float (*sums)[lanes], int taps, int64_t used) {
  const vector_depthwise_shape *s = &j->s;
  for (int64_t n = 0; n < s->batch; n++) {
    for (int64_t o = 0; o < s->output_height; o++) {
      const float *g = j->g + (n * s->output_height + o) * s->output_width * s->channels + channel;
      for (int64_t k = 0; k < s->kernel_height; k++) {
        int64_t row = o * s->stride_height + k * s->dilation_height - s->padding_height;
        if (row < 0 || row >= s->input_height) continue;
        const float *x = j->x + (n * s->input_height + row) * s->input_width * s->channels + channel;
        add_row(g, x, sums + k * taps, s, taps, used);
      }
    }
  }
}

// The number of taps and of channels is known to the compiler in each of these calls, so that the sums are registers.
WIDE static void add_block(const job_t *j, int64_t channel, float (*sums)[lanes], int64_t used) {
  switch (j->s.kernel_width) {
    case 3: used == lanes ? add_channels(j, channel, sums, 3, lanes) : add_channels(j, channel, sums, 3, used); break;
    case 5: used == lanes ? add_channels(j, channel, sums, 5, lanes) : add_channels(j, channel, sums, 5, used); break;
    case 7: used == lanes ? add_channels(j, channel, sums, 7, lanes) : add_channels(j, channel, sums, 7, used); break;
    default: add_channels(j, channel, sums, (int)j->s.kernel_width, used);
  }
}

static void run_block(void *context, int block) {
  const job_t *j = context;
  int64_t channel = (int64_t)block * lanes, left = j->s.channels - channel, used = left < lanes ? left : lanes;
  int64_t taps = j->s.kernel_height * j->s.kernel_width;
  float(*sums)[lanes] = calloc((size_t)taps, sizeof *sums);
  if (!sums) abort();
  add_block(j, channel, sums, used);
  for (int64_t i = 0; i < used; i++)
    for (int64_t t = 0; t < taps; t++) j->dw[(channel + i) * taps + t] = sums[t][i];
  free(sums);
}

int vector_depthwise_weight_gradient(const float *g, const float *x, float *dw, const vector_depthwise_shape *shape) {
  if (shape->kernel_width > widest) return 0;
  job_t job = {g, x, dw, *shape};
  team_share((int)((shape->channels + lanes - 1) / lanes), run_block, &job);
  return 1;
}
