#include <webp/decode.h>

#include "decoder.h"

static winnow_image_status status_of(VP8StatusCode code, winnow_image *image) {
  switch (code) {
    case VP8_STATUS_OK: return winnow_image_decoded;
    case VP8_STATUS_OUT_OF_MEMORY: return winnow_image_no_memory;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: return winnow_image_truncated;
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      winnow_image_say(image, "a feature that libwebp does not read");
      return winnow_image_unsupported;
    default:
      winnow_image_say(image, "libwebp: the bitstream is damaged");
      return winnow_image_damaged;
  }
}

winnow_image_status winnow_decode_webp(winnow_image_task *task) {
  winnow_image *image = task->image;
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return winnow_image_unsupported;
  VP8StatusCode code = WebPGetFeatures(task->bytes, task->count, &config.input);
  if (code != VP8_STATUS_OK) return status_of(code, image);
  if (config.input.has_animation) {
    winnow_image_say(image, "an animation");
    return winnow_image_unsupported;
  }
  int64_t width = config.input.width, height = config.input.height;
  if (!winnow_image_fits(task, width, height)) return winnow_image_too_large;
  size_t row = 3 * (size_t)width;
  uint8_t *pixels = winnow_image_reserve(task->decoder, row * (size_t)height);
  if (!pixels) return winnow_image_no_memory;
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = (int)row;
  config.output.u.RGBA.size = row * (size_t)height;
  code = WebPDecode(task->bytes, task->count, &config);
  WebPFreeDecBuffer(&config.output);
  if (code != VP8_STATUS_OK) return status_of(code, image);
  image->bits = 8;
  image->channels = 3;
  image->had_alpha = config.input.has_alpha;
  image->pixels = pixels;
  return winnow_image_decoded;
}
