#pragma once
#include "CImageCodecs.h"

// What the three formats have in common. Each function is told that the file begins like its format.

typedef struct {
  winnow_image_decoder *decoder;
  const uint8_t *bytes;
  size_t count;
  int64_t largest_pixel_count;
  winnow_image *image;
} winnow_image_task;

winnow_image_status winnow_decode_png(winnow_image_task *task);
winnow_image_status winnow_decode_jpeg(winnow_image_task *task);
winnow_image_status winnow_decode_webp(winnow_image_task *task);

// Notes the size and says whether it is allowed.
bool winnow_image_fits(winnow_image_task *task, int64_t width, int64_t height);

// Room for so many bytes; NULL where there is no memory.
uint8_t *winnow_image_reserve(winnow_image_decoder *decoder, size_t count);

// Copies the library's words, once.
void winnow_image_say(winnow_image *image, const char *message);
