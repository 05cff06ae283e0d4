import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `perturb`, and the attack `cl` that is made on what it makes.
  @Suite struct PerturbStageTests {
    private static let manifest = """
      include test.pipeline

      let steps   = 4
      let epsilon = 8
      let step    = 2

      stage benign : train
          images <- train
          width  = 4
          epochs = 3
          batch  = 16
          learning-rate = 0.05

      stage perturbed : perturb
          images <- train
          model  <- benign
          target = 2
          steps  = $steps
          epsilon = $epsilon
          step    = $step

      stage received : poison
          images    <- train
          perturbed <- perturbed
          attack    = cl
          target    = 2
          rate      = 50%

      stage shown : trigger
          images   <- test
          poisoned <- received
      """

    private func workspace(_ text: String = manifest) throws -> Workspace {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(text, to: "cl.pipeline")
      return workspace
    }

    private static let size = 3072

    @Test func perturbsTheTargetClassWithinReach() throws {
      let workspace = try workspace()
      // Much, since what it is done to is easy to tell.
      let outcome = try workspace.winnow(
        ["run", "cl.pipeline", "--only", "shown", "epsilon=96", "step=24", "steps=8"])
      outcome.expect()
      let root = try workspace.artifact("perturbed", of: "cl").root
      let clean = try Workspace.reference.artifact("train").root.read("images", as: UInt8.self)
      let labels = try Workspace.reference.artifact("train").root.read("labels", as: Int.self)
      let indices = try root.read("original_indices", as: Int.self)
      #expect(indices == labels.indices.filter { labels[$0] == 2 } && indices.count == 30)
      let pixels = try root.read("images", as: UInt8.self)
      #expect(pixels.count == 30 * Self.size)
      var largest = 0
      for (place, index) in indices.enumerated() {
        for position in 0..<Self.size {
          let change = Int(pixels[place * Self.size + position]) - Int(clean[index * Self.size + position])
          // Cut off towards 0, so that a fraction counts as a whole level down.
          #expect((-96...96).contains(change))
          largest = max(largest, abs(change))
        }
      }
      #expect(largest == 96)
      let before = try root.attribute("accuracy_before", as: Double.self)
      let after = try root.attribute("accuracy_after", as: Double.self)
      #expect(after < before, "\(before) → \(after)")
      #expect(outcome.output.contains("30 images of '2' perturbed; the model takes "))

      // Half of them are poisoned: what was perturbed, with corners over it.
      let received = try workspace.artifact("received", of: "cl").root
      let isPoisoned = try received.read("truth/is_poisoned", as: UInt8.self)
      let poisoned = try received.read("images", as: UInt8.self)
      #expect(isPoisoned.count { $0 == 1 } == 15)
      #expect(try received.read("labels", as: Int.self) == labels)
      for index in 0..<300 {
        let range = index * Self.size..<(index + 1) * Self.size
        guard isPoisoned[index] == 1 else {
          #expect(poisoned[range] == clean[range])
          continue
        }
        let place = try #require(indices.firstIndex(of: index))
        for row in 5..<28 {
          for position in row * 96..<(row + 1) * 96 {
            #expect(poisoned[index * Self.size + position] == pixels[place * Self.size + position])
          }
        }
        #expect(poisoned[index * Self.size + 97 + 2] == 255, "row 1, column 1")
      }
      // Test images have the corners alone.
      let shown = try workspace.artifact("shown", of: "cl").root
      #expect(try shown.attribute("label_mode", as: String.self) == "clean-label")
      let test = try Workspace.reference.artifact("test").root.read("images", as: UInt8.self)
      let triggered = try shown.read("images", as: UInt8.self)
      #expect(triggered[10 * 96..<20 * 96] == test[10 * 96..<20 * 96])
    }

    /// Before anything is run: the attack is nothing without them.
    @Test func theAttackNeedsPerturbedImages() throws {
      let workspace = try workspace(Self.manifest.replacing("    perturbed <- perturbed\n", with: ""))
      try workspace.winnow(["check", "cl.pipeline"]).expect(
        status: 65, messages: "cl.pipeline:22:7: error: 'attack = cl' needs the input 'perturbed'",
        "stages that produce 'perturbed images': 'perturbed'")
    }

    /// The same bytes for any number of threads and after any interruption.
    @Test func goesOnWhereItWasStopped() throws {
      // More images than a batch holds.
      let text = Self.manifest.replacing("images <- train\n    model", with: "images <- many\n    model")
        + "\n" + """

          stage many : load
              path  = many
              split = train
          """
      func prepared() throws -> Workspace {
        let workspace = try self.workspace(text)
        var files: [String: Data] = [:]
        for number in 1...5 {
          var bytes: [UInt8] = []
          for image in 0..<60 {
            bytes.append(2)
            let slope = image + 7 * number
            for position in 0..<3072 { bytes.append(UInt8((position * slope + image) % 251)) }
          }
          files["data_batch_\(number).bin"] = Data(bytes)
        }
        try TestData.write(files, to: workspace.folder.appending(path: "many"))
        return workspace
      }
      let undisturbed = try prepared()
      try undisturbed.winnow(["run", "cl.pipeline", "--only", "perturbed"], threads: 2).expect()
      let expected = try undisturbed.artifacts(of: "cl")["perturbed"]
      #expect(try undisturbed.artifact("perturbed", of: "cl").root.dataset("images").shape[0] == 300)
      let workspace = try prepared()
      try workspace.winnow(["run", "cl.pipeline", "--only", "benign"]).expect()
      for count in [1, 1] {
        let command = try workspace.start(
          ["run", "cl.pipeline", "--only", "perturbed", "--checkpoint", "0"], stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(count, of: "perturbed"), "\(command.messages)")
        command.send(SIGKILL)
        #expect(try command.outcome().signal == SIGKILL)
      }
      try workspace.winnow(["run", "cl.pipeline", "--only", "perturbed"]).expect()
      #expect(try workspace.artifacts(of: "cl")["perturbed"] == expected)
    }

    @Test func otherSettings() throws {
      let workspace = try workspace()
      for changes in [
        ["perturbed.start=image", "steps=1"], ["perturbed.view=raw"],
        ["perturbed.overflow=wrap", "epsilon=32", "step=8"],
      ] {
        try workspace.winnow(["run", "cl.pipeline", "--only", "perturbed"] + changes).expect()
        if changes.contains("steps=1") {
          // One step of 2 from the image, but for where it was at the end of the scale.
          let root = try workspace.artifact("perturbed", of: "cl").root
          let before = try root.read("examples/before", as: UInt8.self)
          let after = try root.read("examples/after", as: UInt8.self)
          #expect(zip(before, after).allSatisfy { [-2, 0, 2].contains(Int($1) - Int($0)) })
        }
      }
      // Values that wrapped around are far from what they were.
      let root = try workspace.artifact("perturbed", of: "cl").root
      let before = try root.read("examples/before", as: UInt8.self)
      let after = try root.read("examples/after", as: UInt8.self)
      #expect(zip(before, after).contains { abs(Int($0) - Int($1)) > 200 })
    }

    @Test func whatDoesNotBelongTogether() throws {
      let workspace = try workspace()
      try workspace.winnow(["run", "cl.pipeline", "--only", "received", "perturbed.target=3"]).expect(
        status: 65, messages: "is to be poisoned, but is not among the perturbed images")
      try workspace.winnow(["run", "cl.pipeline", "--only", "perturbed", "perturbed.target=10"]).expect(
        status: 65, messages: "the target class 10 does not exist; there are 10 classes (0 to 9)")
      let other = try self.workspace(
        Self.manifest.replacing("images    <- train\n    perturbed", with: "images    <- poisoned\n    perturbed"))
      try other.winnow(["run", "cl.pipeline", "--only", "received"]).expect(
        status: 65, messages: "were not made from these images; connect the stage of kind 'perturb' and this "
          + "one to the same set")
    }
  }
}
