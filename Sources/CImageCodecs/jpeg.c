#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "decoder.h"

// A progressive file of a few kilobytes can ask for hours of work: no encoder writes as many scans.
static const int largest_scan_count = 500;

typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf place;
  winnow_image *image;
  winnow_image_status failure;
} jpeg_failure;

static jpeg_failure *failure_of(j_common_ptr state) { return (jpeg_failure *)state->err; }

static void leave(j_common_ptr state) {
  jpeg_failure *failure = failure_of(state);
  char message[JMSG_LENGTH_MAX];
  state->err->format_message(state, message);
  failure->image->message[0] = 0;
  winnow_image_say(failure->image, message);
  if (state->err->msg_code == JERR_INPUT_EOF) failure->failure = winnow_image_truncated;
  if (state->err->msg_code == JERR_OUT_OF_MEMORY) failure->failure = winnow_image_no_memory;
  longjmp(failure->place, 1);
}

static void note_message(j_common_ptr state, int level) {
  // Others are for people who look for faults in the library.
  if (level >= 0) return;
  jpeg_failure *failure = failure_of(state);
  failure->image->warnings += 1;
  if (failure->image->message[0]) return;
  char message[JMSG_LENGTH_MAX];
  state->err->format_message(state, message);
  winnow_image_say(failure->image, message);
}

static void print_nothing(j_common_ptr state) { (void)state; }

static void do_nothing(j_decompress_ptr state) { (void)state; }

static boolean end_of_bytes(j_decompress_ptr state) {
  ERREXIT(state, JERR_INPUT_EOF);
  return FALSE;
}

static void skip_bytes(j_decompress_ptr state, long count) {
  if (count <= 0) return;
  if ((size_t)count > state->src->bytes_in_buffer) ERREXIT(state, JERR_INPUT_EOF);
  state->src->next_input_byte += count;
  state->src->bytes_in_buffer -= (size_t)count;
}

static void stop_after_many_scans(j_common_ptr state) {
  if (((j_decompress_ptr)state)->input_scan_number > largest_scan_count) {
    jpeg_failure *failure = failure_of(state);
    failure->image->message[0] = 0;
    winnow_image_say(failure->image, "more than 500 scans");
    longjmp(failure->place, 1);
  }
}

// As Pillow does: the values of Adobe's files are inverted, and no profile is looked at.
static void convert_cmyk(const uint8_t *source, uint8_t *target, int64_t width) {
  for (int64_t x = 0; x < width; x++, source += 4, target += 3) {
    int light = source[3];
    for (int channel = 0; channel < 3; channel++) {
      int product = (255 - source[channel]) * light + 128;
      int value = light - ((product + (product >> 8)) >> 8);
      target[channel] = value < 0 ? 0 : (uint8_t)value;
    }
  }
}

static winnow_image_status read_image(j_decompress_ptr state, winnow_image_task *task) {
  winnow_image *image = task->image;
  jpeg_read_header(state, TRUE);
  int64_t width = state->image_width, height = state->image_height;
  if (!winnow_image_fits(task, width, height)) return winnow_image_too_large;
  image->bits = state->data_precision;
  switch (state->num_components) {
    case 1: state->out_color_space = JCS_GRAYSCALE; break;
    case 3: state->out_color_space = JCS_RGB; break;
    case 4: state->out_color_space = JCS_CMYK; break;
    default:
      winnow_image_say(image, "neither one, three nor four components");
      return winnow_image_unsupported;
  }
  image->was_cmyk = state->num_components == 4;
  image->channels = state->num_components == 1 ? 1 : 3;
  size_t row = (size_t)width * image->channels;
  // With a row of four channels behind it.
  uint8_t *pixels = winnow_image_reserve(task->decoder, row * (size_t)height + 4 * (size_t)width);
  if (!pixels) return winnow_image_no_memory;
  jpeg_start_decompress(state);
  for (int64_t y = 0; y < height; y++) {
    uint8_t *line = pixels + row * (size_t)y;
    uint8_t *target = image->was_cmyk ? pixels + row * (size_t)height : line;
    jpeg_read_scanlines(state, &target, 1);
    if (image->was_cmyk) convert_cmyk(target, line, width);
  }
  image->pixels = pixels;
  return winnow_image_decoded;
}

winnow_image_status winnow_decode_jpeg(winnow_image_task *task) {
  struct jpeg_decompress_struct state;
  memset(&state, 0, sizeof state);
  jpeg_failure failure = {.image = task->image, .failure = winnow_image_damaged};
  state.err = jpeg_std_error(&failure.manager);
  failure.manager.error_exit = leave;
  failure.manager.emit_message = note_message;
  failure.manager.output_message = print_nothing;
  struct jpeg_source_mgr source = {
      .next_input_byte = task->bytes,
      .bytes_in_buffer = task->count,
      .init_source = do_nothing,
      .fill_input_buffer = end_of_bytes,
      .skip_input_data = skip_bytes,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = do_nothing,
  };
  struct jpeg_progress_mgr progress = {.progress_monitor = stop_after_many_scans};
  winnow_image_status status;
  if (setjmp(failure.place)) {
    status = failure.failure;
  } else {
    jpeg_create_decompress(&state);
    // The coefficients of a progressive file, and some for tables.
    state.mem->max_memory_to_use = (long)(12 * task->largest_pixel_count + (64 << 20));
    state.src = &source;
    state.progress = &progress;
    status = read_image(&state, task);
  }
  jpeg_destroy_decompress(&state);
  return status;
}
