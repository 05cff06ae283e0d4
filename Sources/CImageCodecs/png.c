#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"

// Deflate packs no data smaller than this: 258 bytes take two bits at least.
static const size_t largest_ratio = 1032;

typedef struct {
  winnow_image_task *task;
  size_t position;
  winnow_image_status failure;
} png_source;

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  png_source *source = png_get_io_ptr(png);
  if (count > source->task->count - source->position) {
    source->failure = winnow_image_truncated;
    png_error(png, "the file ends early");
  }
  memcpy(target, source->task->bytes + source->position, count);
  source->position += count;
}

static void leave(png_structp png, png_const_charp message) {
  png_source *source = png_get_error_ptr(png);
  // What led to the end is worth more than what was only odd.
  source->task->image->message[0] = 0;
  winnow_image_say(source->task->image, message);
  png_longjmp(png, 1);
}

static void note_warning(png_structp png, png_const_charp message) {
  png_source *source = png_get_error_ptr(png);
  source->task->image->warnings += 1;
  winnow_image_say(source->task->image, message);
}

// Text, colour profiles and the like are not even unpacked.
static void ignore_ancillary_chunks(png_structp png) {
  static const png_byte names[] =
      "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, names, sizeof names / 5);
}

static winnow_image_status read_image(png_structp png, png_infop info, png_source *source) {
  winnow_image_task *task = source->task;
  winnow_image *image = task->image;
  png_set_user_limits(png, 0x7FFFFFFF, 0x7FFFFFFF);
  ignore_ancillary_chunks(png);
  png_read_info(png, info);
  int64_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  if (!winnow_image_fits(task, width, height)) return winnow_image_too_large;
  if (png_get_rowbytes(png, info) * (size_t)height / largest_ratio > task->count) return winnow_image_truncated;

  int colours = png_get_color_type(png, info);
  image->bits = png_get_bit_depth(png, info);
  image->had_alpha = colours & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS);
  if (image->bits == 16) png_set_strip_16(png);
  if (colours == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (colours == PNG_COLOR_TYPE_GRAY && image->bits < 8) png_set_expand_gray_1_2_4_to_8(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);

  size_t row = png_get_rowbytes(png, info);
  image->channels = png_get_channels(png, info);
  if ((image->channels != 1 && image->channels != 3) || row != (size_t)width * image->channels) {
    png_error(png, "colours of an unknown kind");
  }
  uint8_t *pixels = winnow_image_reserve(task->decoder, row * (size_t)height);
  if (!pixels) return winnow_image_no_memory;
  for (int pass = 0; pass < passes; pass++) {
    for (int64_t y = 0; y < height; y++) png_read_row(png, pixels + row * (size_t)y, NULL);
  }
  image->pixels = pixels;
  return winnow_image_decoded;
}

winnow_image_status winnow_decode_png(winnow_image_task *task) {
  png_source source = {task, 0, winnow_image_damaged};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, leave, note_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return winnow_image_no_memory;
  }
  winnow_image_status status;
  if (setjmp(png_jmpbuf(png))) {
    status = source.failure;
  } else {
    png_set_read_fn(png, &source, read_bytes);
    status = read_image(png, info, &source);
  }
  png_destroy_read_struct(&png, &info, NULL);
  return status;
}
