import Compute

extension BatchNormalization {
  /// The backward pass of the last `forward`, which was one of training or of differentiable evaluation;
  /// `prepareBackward` came before it.
  ///
  /// - Parameters:
  ///   - stride: from row to row of the input; `channels` unless given.
  ///   - output: what `forward` wrote, when it rectified; `nil` otherwise.
  ///   - outputGradient: on return it holds the gradient behind the rectifier, which is also the
  ///     residual's, unless it is the same memory as `inputGradient`.
  ///   - inputGradient: may be `outputGradient`.
  ///   - targetStride: from row to row of `inputGradient`; `channels` unless given.
  ///   - accumulates: whether the input's gradient is added to what is there.
  package func backward(
    rows: Int, input: UnsafePointer<Float>, stride: Int? = nil, output: UnsafePointer<Float>?,
    outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    targetStride: Int? = nil, accumulates: Bool = false
  ) {
    let stride = stride ?? channels
    sumGradients(
      rows: rows, input: input, stride: stride, output: output, outputGradient: outputGradient)
    let map = gradientMap(rows: rows, input: input, outputGradient: outputGradient)
    let targetStride = targetStride ?? channels
    // Two loops, each without a question inside.
    if accumulates {
      write(
        map, rows: rows, inputStride: stride, to: inputGradient, stride: targetStride, accumulates: true)
    } else {
      write(
        map, rows: rows, inputStride: stride, to: inputGradient, stride: targetStride, accumulates: false)
    }
  }

  /// The same without writing the input's gradient: for whoever computes it where it is read.
  ///
  /// - Parameter outputGradient: as above; it is read, too, when the result is.
  func backwardWhenRead(
    rows: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>?,
    outputGradient: UnsafeMutablePointer<Float>
  ) -> NormalizedGradient {
    sumGradients(
      rows: rows, input: input, stride: channels, output: output, outputGradient: outputGradient)
    return gradientMap(rows: rows, input: input, outputGradient: outputGradient)
  }

  @inline(__always)
  private func write(
    _ map: NormalizedGradient, rows: Int, inputStride: Int, to inputGradient: UnsafeMutablePointer<Float>,
    stride: Int, accumulates: Bool
  ) {
    let channels = self.channels
    let blocks = Blocks(rows, ofAtMost: Self.rowsPerBlock)
    context.pool.run(blocks.blockCount) { block, _ in
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ row: Int, _ c: Int) {
        let result = map.lanes(
          type, at: row * channels + c, inputAt: row * inputStride + c, channel: c)
        let target = inputGradient + (row * stride + c)
        (accumulates ? Lanes(at: target) + result : result).store(at: target)
      }
      for row in blocks[block] {
        forEachLanes(channels) {
          body(SIMD16<Float>.self, row, $0)
        } one: {
          body(Float.self, row, $0)
        }
      }
    }
  }

  /// Takes the parameters' gradients from the sums in `partials`, and gives the input's as a map: with g the
  /// gradient, n the rows, x̂ the normalised input and sums over the rows,
  /// dx = γ/σ · (g − Σg/n − x̂·Σ(g·x̂)/n), which is a·g + b·x + c for each channel. With running
  /// statistics, on which the batch has no influence, it is γ/σ · g.
  private func gradientMap(
    rows: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>
  ) -> NormalizedGradient {
    let dots = partials.pointer
    let inputSlope = dots + channels
    for c in 0..<channels {
      let (dot, plain) = (dots[c], dots[channels + c])
      shift.gradient.pointer[c] = plain
      scale.gradient.pointer[c] = dot
      let inverse = usedInverseDeviation.pointer[c]
      slope.pointer[c] = scale.values.pointer[c] * inverse
      inputBias?.gradient.pointer[c] = usedBatch ? 0 : slope.pointer[c] * plain
      inputSlope[c] = usedBatch ? -slope.pointer[c] * dot / Float(rows) * inverse : 0
      offset.pointer[c] =
        usedBatch
        ? -slope.pointer[c] * plain / Float(rows) - inputSlope[c] * usedMean.pointer[c] : 0
    }
    return NormalizedGradient(
      gradient: outputGradient, input: input, slope: slope.pointer, inputSlope: inputSlope,
      offset: offset.pointer)
  }

  /// Applies the rectifier's gate and leaves Σ g·x̂ and Σ g per channel at the start of `partials`.
  private func sumGradients(
    rows: Int, input: UnsafePointer<Float>, stride: Int, output: UnsafePointer<Float>?,
    outputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = self.channels
    let blocks = Blocks(rows, ofAtMost: Self.rowsPerBlock)
    let partials = self.partials.pointer
    let (means, inverses) = (usedMean.pointer, usedInverseDeviation.pointer)
    context.pool.run(blocks.blockCount) { block, _ in
      let range = blocks[block]
      let sums = partials + block * 2 * channels
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        let mean = Lanes(at: means + c)
        var plain = Lanes(repeating: 0)
        var dot = Lanes(repeating: 0)
        for row in range {
          let at = row * channels + c
          var gradient = Lanes(at: outputGradient + at)
          if let output {
            gradient = gradient.gated(by: Lanes(at: output + at))
            gradient.store(at: outputGradient + at)
          }
          plain = plain + gradient
          dot = dot.addingProduct(gradient, Lanes(at: input + (row * stride + c)) - mean)
        }
        (dot * Lanes(at: inverses + c)).store(at: sums + c)
        plain.store(at: sums + channels + c)
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
    }
    for c in 0..<(2 * channels) {
      var sum = 0.0
      for block in 0..<blocks.blockCount { sum += Double(partials[block * 2 * channels + c]) }
      partials[c] = Float(sum)
    }
  }
}
