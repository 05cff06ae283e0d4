#include "decoder.h"

#include <stdlib.h>
#include <string.h>

struct winnow_image_decoder {
  uint8_t *bytes;
  size_t count;
};

winnow_image_decoder *winnow_image_decoder_create(void) { return calloc(1, sizeof(winnow_image_decoder)); }

void winnow_image_decoder_destroy(winnow_image_decoder *decoder) {
  if (!decoder) return;
  free(decoder->bytes);
  free(decoder);
}

uint8_t *winnow_image_reserve(winnow_image_decoder *decoder, size_t count) {
  if (count > decoder->count) {
    free(decoder->bytes);
    decoder->bytes = malloc(count);
    decoder->count = decoder->bytes ? count : 0;
  }
  return decoder->bytes;
}

bool winnow_image_fits(winnow_image_task *task, int64_t width, int64_t height) {
  task->image->width = width;
  task->image->height = height;
  // Formats have at most 31 bits for each.
  return width > 0 && height > 0 && width <= task->largest_pixel_count / height;
}

void winnow_image_say(winnow_image *image, const char *message) {
  if (image->message[0] || !message) return;
  strncpy(image->message, message, sizeof image->message - 1);
}

winnow_image_status winnow_image_decode(
    winnow_image_decoder *decoder, const uint8_t *bytes, size_t count, int64_t largest_pixel_count,
    winnow_image *image) {
  static const uint8_t png[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
  memset(image, 0, sizeof *image);
  winnow_image_task task = {decoder, bytes, count, largest_pixel_count, image};
  if (count >= sizeof png && !memcmp(bytes, png, sizeof png)) return winnow_decode_png(&task);
  if (count >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF) return winnow_decode_jpeg(&task);
  if (count >= 12 && !memcmp(bytes, "RIFF", 4) && !memcmp(bytes + 8, "WEBP", 4)) return winnow_decode_webp(&task);
  return winnow_image_unknown_format;
}
