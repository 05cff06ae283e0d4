#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG, JPEG and WebP files in memory, decoded to bytes.
//
// The libraries leave on errors by longjmp, which must not cross Swift: it ends here. Nothing is printed.

typedef enum : int32_t {
  winnow_image_decoded = 0,
  // The bytes begin like those of none of the three formats.
  winnow_image_unknown_format,
  // More pixels than allowed; width and height are set.
  winnow_image_too_large,
  // The file ends before the image does.
  winnow_image_truncated,
  // Not what the format asks for; the message says more.
  winnow_image_damaged,
  // Valid, but of a kind that is not read; the message says more.
  winnow_image_unsupported,
  winnow_image_no_memory,
} winnow_image_status;

typedef struct {
  int64_t width;
  int64_t height;
  // Of the pixels here: 1 (grey) or 3 (red, green, blue).
  int32_t channels;
  // Of a channel in the file.
  int32_t bits;
  bool had_alpha;
  bool was_cmyk;
  // How often the library found something wrong and went on.
  int32_t warnings;
  // What the library says, in its own words; of the first warning where it was decoded.
  char message[160];
  // [height, width, channels], until the decoder is used again.
  const uint8_t *pixels;
} winnow_image;

// The memory that images are decoded into. One thread at a time uses it.
typedef struct winnow_image_decoder winnow_image_decoder;

// Returns NULL where there is no memory.
winnow_image_decoder *winnow_image_decoder_create(void);
void winnow_image_decoder_destroy(winnow_image_decoder *decoder);

// Decodes a file. No memory is taken for more than so many pixels, whatever the header says.
winnow_image_status winnow_image_decode(
    winnow_image_decoder *decoder, const uint8_t *bytes, size_t count, int64_t largest_pixel_count,
    winnow_image *image);
