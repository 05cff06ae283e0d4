"""Runs a model with onnxruntime.

usage: run.py MODEL.onnx OUTPUT IMAGES CHANNELS HEIGHT WIDTH PIXELS.f32 RESULT.f32

Reads and writes raw little-endian float32.
"""
import sys

import numpy
import onnx
import onnxruntime

model, output, *shape, pixels, result = sys.argv[1:]
onnx.checker.check_model(model, full_check=True)
batch = numpy.fromfile(pixels, "<f4").reshape([int(size) for size in shape])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
together = session.run([output], {"pixels": batch})[0]
# The batch may have any size.
alone = numpy.concatenate([session.run([output], {"pixels": batch[i : i + 1]})[0] for i in range(len(batch))])
assert together.shape == alone.shape, (together.shape, alone.shape)
numpy.testing.assert_allclose(together, alone, atol=1e-4 * max(1, abs(alone).max()))
together.astype("<f4").tofile(result)
