import Compute

/// Backward passes from losses at some taps of a network: what they compute and where, found once for many
/// steps, which then allocate nothing.
package final class GradientPass {
  /// Where losses are measured.
  package let taps: Set<Tap>
  /// The parameters whose gradients it computes.
  package let parameters: [NetworkParameter]
  fileprivate let steps: [BackwardStep]
  /// Where the input's gradient is at the end, if it is wanted.
  fileprivate let inputView: TensorView?
  /// Keeps the memory of the views.
  private let slots: [FloatBuffer]

  fileprivate enum BackwardStep {
    case layer(any Layer, LayerGradients)
    case clear(TensorView)
    case add(NetworkOutput, to: TensorView)
  }

  fileprivate init(
    taps: Set<Tap>, parameters: [NetworkParameter], steps: [BackwardStep], inputView: TensorView?,
    slots: [FloatBuffer]
  ) {
    self.taps = taps
    self.parameters = parameters
    self.steps = steps
    self.inputView = inputView
    self.slots = slots
  }
}

extension Network {
  /// Prepares backward passes from losses at some taps, and makes room for the gradients.
  ///
  /// Parameters that are frozen now are not trained by it.
  ///
  /// - Precondition: the network was made for training, or it passes vectors alone.
  /// - Parameter toInput: whether `inputGradient` is wanted.
  package func gradientPass(from taps: Set<Tap>, toInput: Bool = false) -> GradientPass {
    let plan = GradientPlan(
      layout, from: taps, toInput: toInput,
      isTrained: { self.layers[$0].parameters.contains { !$0.isFrozen } })
    precondition(isPossible(plan), "the network was made for inference")
    makeRoom(for: plan)
    if toInput && inputGradient.count == 0 { inputGradient = FloatBuffer(count: input.count) }
    let trained = Set(
      plan.trainedLayers.flatMap { layers[$0].parameters.map(ObjectIdentifier.init) })
    return GradientPass(
      taps: taps,
      parameters: parameters.filter { !$0.isFrozen && trained.contains(ObjectIdentifier($0)) },
      steps: plan.actions.map(step), inputView: plan.inputPlace.map(view), slots: gradientSlots)
  }

  /// Whether all values are still there that the layers need for it.
  private func isPossible(_ plan: GradientPlan) -> Bool {
    plan.actions.allSatisfy { action in
      guard case .layer(let index, _, _, _) = action else { return true }
      let layer = layout.layers[index]
      return (layer.inputs + [layer.output]).allSatisfy(valuePlan.keeps)
        && (use == .training || layers[index].normalization == nil)
    }
  }

  private func makeRoom(for plan: GradientPlan) {
    for (slot, size) in plan.slotSizes.enumerated() {
      if slot == gradientSlots.count { gradientSlots.append(FloatBuffer(count: 0)) }
      if gradientSlots[slot].count < capacity * size {
        gradientSlots[slot] = FloatBuffer(count: capacity * size)
      }
    }
    // Reserved at once: memory that grew step by step would leave gaps behind.
    var scratch = 0
    for case .layer(let index, _, let inputs, let needsParameters) in plan.actions {
      let layer = layers[index]
      if needsParameters { layer.parameters.forEach { $0.prepareGradient() } }
      layer.normalization?.prepareBackward()
      scratch = max(
        scratch,
        layer.backwardScratch(
          needsInputs: inputs.map { $0 != nil }, sharesGradient: inputs.first??.isShared == true))
    }
    context.reserveTransient(scratch)
  }

  private func step(_ action: GradientPlan.Action) -> GradientPass.BackwardStep {
    switch action {
    case .layer(let index, let output, let inputs, let needsParameters):
      .layer(
        layers[index],
        LayerGradients(
          output: view(output),
          inputs: inputs.map { target in
            target.map {
              GradientTarget(
                view: view($0.place), accumulates: $0.accumulates, isShared: $0.isShared)
            }
          }, needsParameters: needsParameters))
    case .clear(let place): .clear(view(place))
    case .add(let tap, let place): .add(output(tap), to: view(place))
    }
  }

  private func view(_ place: GradientPlan.Place) -> TensorView {
    let base =
      switch place.memory {
      case .slot(let slot): gradientSlots[slot].pointer
      case .tap(let tap): output(tap).gradient.pointer
      }
    return TensorView(base + place.offset, shape: place.shape, stride: place.stride)
  }

  /// Computes the gradients that `pass` was made for, from those at its taps, for the last `forward`.
  package func backward(images: Int, _ pass: GradientPass) {
    for step in pass.steps {
      switch step {
      case .layer(let layer, let gradients): layer.backward(images: images, gradients)
      case .clear(let view): view.clear(rows: view.rows(images), pool: context.pool)
      case .add(let output, let view):
        view.take(
          TensorView(output.gradient.pointer, shape: output.shape), rows: view.rows(images),
          accumulates: true, pool: context.pool)
      }
    }
    if let view = pass.inputView {
      TensorView(inputGradient.pointer, shape: view.shape).copy(
        view, rows: view.rows(images), pool: context.pool)
    }
  }
}
