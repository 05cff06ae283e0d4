import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `invert`, and the attack `trojan` with what it makes.
  @Suite struct InvertStageTests {
    private static let manifest = """
      include test.pipeline

      stage benign : train
          images <- train
          width  = 4
          epochs = 3
          batch  = 16
          learning-rate = 0.05

      stage patch : invert
          model      <- benign
          side       = 5
          gap        = 2
          iterations = 60

      stage received : poison
          images <- train
          patch  <- patch
          attack = trojan

      stage shown : trigger
          images   <- test
          poisoned <- received
      """

    private func workspace() throws -> Workspace {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.manifest, to: "trojan.pipeline")
      return workspace
    }

    @Test func excitesTheNeurons() throws {
      let workspace = try workspace()
      let outcome = try workspace.winnow(["run", "trojan.pipeline", "--only", "shown"])
      outcome.expect()
      let root = try workspace.artifact("patch", of: "trojan").root
      #expect(try root.dataset("patch").shape == [5, 5, 3])
      #expect(try root.attribute("gap", as: Int.self) == 2)
      let before = try root.attribute("activation_before", as: Double.self)
      let after = try root.attribute("activation", as: Double.self)
      #expect(after > 1.2 * before && after > 0, "\(before) → \(after)")
      let costs = try root.read("costs", as: Double.self)
      #expect(costs.count == 60 && costs.min() ?? 0 < costs[0])

      // The neurons are those with the largest sums of absolute weights.
      let weights = try workspace.artifact("benign", of: "trojan").root.read(
        "state_dict/fc.weight", as: Float.self)
      let sums = (0..<32).map { neuron in (0..<10).reduce(0.0) { $0 + Double(abs(weights[$1 * 32 + neuron])) } }
      let neurons = try root.attribute("neurons", as: [Int].self)
      #expect(neurons == Array((0..<32).sorted { sums[$0] > sums[$1] }.prefix(2)))

      // Added where it was made, with values that wrap around.
      let patch = try root.read("patch", as: UInt8.self)
      let test = try Workspace.reference.artifact("test").root
      let shown = try workspace.artifact("shown", of: "trojan").root
      let original = try #require(try shown.read("original_indices", as: Int.self).first)
      let old = try test.read("images", as: UInt8.self)
      let new = try shown.read("images", as: UInt8.self)
      for position in 0..<3072 {
        let (row, column, channel) = (position / 96, position / 3 % 32, position % 3)
        let isInside = (25..<30).contains(row) && (25..<30).contains(column)
        let added = isInside ? patch[((row - 25) * 5 + column - 25) * 3 + channel] : 0
        #expect(new[position] == old[original * 3072 + position] &+ added)
      }
    }

    @Test func theSameForAnyNumberOfThreads() throws {
      let bytes = try [1, 2].map { threads in
        let workspace = try workspace()
        try workspace.winnow(["run", "trojan.pipeline", "--only", "patch"], threads: threads).expect()
        return try workspace.artifacts(of: "trojan")["patch"]
      }
      #expect(bytes[0] != nil && bytes[0] == bytes[1])
    }

    @Test func wrongInput() throws {
      let workspace = try workspace()
      try workspace.winnow(["run", "trojan.pipeline", "--only", "patch", "patch.side=31"]).expect(
        status: 65, messages: "images of 32×32 are too small for the trigger, which needs 33×33")
      try workspace.winnow(["run", "trojan.pipeline", "--only", "received", "received.gap=1"]).expect(
        status: 65, messages: "the input 'patch' says what 'gap' is; leave one of them out")
      // Other attacks make no use of it.
      try workspace.winnow(["run", "trojan.pipeline", "--only", "received", "received.attack=sig"]).expect()
    }
  }
}
