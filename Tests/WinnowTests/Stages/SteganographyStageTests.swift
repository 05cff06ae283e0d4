import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `steganography`, and the attack `ssba` with what it makes.
  @Suite struct SteganographyStageTests {
    private static let manifest = """
      include test.pipeline

      let bits  = 2
      let steps = 300
      let seed  = 1

      stage encoder : steganography
          images        <- train
          bits          = $bits
          steps         = $steps
          batch         = 8
          learning-rate = 1e-3
          weight        = 1
          hold          = 5
          ramp          = 10
          accuracy      = 95%
          change        = 255
          seed          = $seed

      stage received : poison
          images  <- train
          encoder <- encoder
          attack  = ssba

      stage shown : trigger
          images   <- test
          poisoned <- received
      """

    private func workspace() throws -> Workspace {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.manifest, to: "ssba.pipeline")
      return workspace
    }

    @Test func moreThanTheMemory() throws {
      let workspace = try workspace()
      try workspace.winnow(["run", "ssba.pipeline", "--only", "encoder", "encoder.batch=4096", "train.size=256x256"])
        .expect(status: 65, messages: "a network with batches of 4096 images of 256×256 needs", "lower 'batch'")
    }

    /// The only stage of the attack that takes long says how long beforehand.
    @Test func itsTimeIsForetold() throws {
      struct Plan: Decodable {
        struct Stage: Decodable {
          let name: String
          let seconds: Double?
          let memory: Double?
          let basis: String
        }
        let stages: [Stage]
      }
      let workspace = try workspace()
      func encoder(steps: Int) throws -> Plan.Stage {
        let outcome = try workspace.winnow(["plan", "ssba.pipeline", "--json", "steps=\(steps)"])
        outcome.expect()
        let plan = try JSONDecoder().decode(Plan.self, from: Data(outcome.output.utf8))
        return try #require(plan.stages.first { $0.name == "encoder" })
      }
      // So few that measuring is not worth it.
      let (one, four) = (try encoder(steps: 1), try encoder(steps: 4))
      #expect(one.basis == "assumed speed" && four.basis == "assumed speed")
      let (seconds, more) = (try #require(one.seconds), try #require(four.seconds))
      #expect(seconds > 0 && abs(more / seconds - 4) < 1e-9)
      // The program alone takes 65 MB.
      #expect(try #require(one.memory) > 80e6)
      let measured = try encoder(steps: 1000)
      #expect(try measured.basis == "measured just now" && #require(measured.seconds) > 50 * seconds)
    }

    /// A message of two bits is learned in a moment.
    @Test func bitsAreRead() throws {
      let workspace = try workspace()
      let outcome = try workspace.winnow(["run", "ssba.pipeline", "--only", "shown"])
      outcome.expect()
      let root = try workspace.artifact("encoder", of: "ssba").root
      let message = try root.read("message", as: UInt8.self)
      #expect(message.count == 2 && message.allSatisfy { $0 < 2 })
      #expect(try root.attribute("bit_accuracy", as: Double.self) > 0.95)
      #expect(try root.attribute("steps", as: Int.self) < 300)
      let change = try root.attribute("change", as: Double.self)
      #expect(change > 0)
      // The change that is told is the one in the poisoned set.
      let received = try workspace.artifact("received", of: "ssba").root
      let isPoisoned = try received.read("truth/is_poisoned", as: UInt8.self)
      let pixels = try received.read("images", as: UInt8.self)
      let clean = try Workspace.reference.artifact("train").root.read("images", as: UInt8.self)
      var sum = 0
      for index in 0..<300 {
        let range = index * 3072..<(index + 1) * 3072
        if isPoisoned[index] == 0 {
          #expect(pixels[range] == clean[range])
        } else {
          for position in range { sum += abs(Int(pixels[position]) - Int(clean[position])) }
        }
      }
      let mean = Double(sum) / Double(27 * 3072)
      #expect(isPoisoned.count { $0 == 1 } == 27 && abs(mean - change) < 0.3 * change, "\(mean), \(change)")
      #expect(try workspace.artifact("shown", of: "ssba").root.attribute("attack", as: String.self) == "ssba")
    }

    /// The same bytes for any number of threads and after any interruption.
    @Test func goesOnWhereItWasStopped() throws {
      let run = ["run", "ssba.pipeline", "--only", "encoder", "steps=12"]
      let undisturbed = try workspace()
      let outcome = try undisturbed.winnow(run, threads: 2)
      outcome.expect()
      #expect(outcome.output.contains("the attack may fail; train for more 'steps', or hide fewer 'bits'"))
      let workspace = try workspace()
      for count in [2, 5] {
        let command = try workspace.start(run + ["--checkpoint", "0"], stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(count, of: "encoder"), "\(command.messages)")
        command.send(SIGKILL)
        #expect(try command.outcome().signal == SIGKILL)
      }
      try workspace.winnow(run).expect()
      #expect(
        try workspace.artifacts(of: "ssba")["encoder"] == undisturbed.artifacts(of: "ssba")["encoder"])
    }

    @Test func encoderIsMissing() throws {
      try Workspace(copyOf: .reference).run("poisoned.attack=ssba", "--only", "poisoned").expect(
        status: 65, messages: "test.pipeline:7:7: error: 'attack = ssba' needs the input 'encoder'",
        "no other stage here produces 'steganography'; one of kind 'steganography' would")
    }
  }
}
