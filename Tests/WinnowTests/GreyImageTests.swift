import Foundation
import HDF5
import Testing

extension CommandTests {
  /// Grey images of 28x28, as they are, through every kind of stage.
  @Suite struct GreyImages {
    private static let manifest = """
      let attack       = badnets-all2one
      let architecture = resnet18
      let transformation = rotate
      let then         = affine

      stage train : load
          path  = grey
          split = train

      stage received : poison
          images <- train
          attack = $attack
          rate   = 20%

      stage test : load
          path  = grey
          split = test

      stage triggered : trigger
          images   <- test
          poisoned <- received

      stage warmup : train
          images       <- received
          architecture = $architecture
          width        = 4
          epochs       = 1
          batch        = 16

      stage fine_tuned : intra-class
          images <- received
          model  <- warmup
          epochs = 1
          batch  = 16

      stage scores : fct
          images         <- received
          model          <- fine_tuned
          transformation = $transformation
          then           = $then

      stage spectral : spectral-signatures
          images <- received
          model  <- warmup

      stage split : split
          scores   <- scores
          images   <- received
          clean    = 30%
          poisoned = 10%

      stage repaired : repair
          images    <- received
          model     <- warmup
          split     <- split
          test      <- test
          triggered <- triggered
          rounds    = 1
          batch     = 8
          augment   = crop-flip-rotate15

      stage evaluation : evaluate
          model     <- repaired
          images    <- test
          triggered <- triggered

      stage extractor : contrast
          images <- received
          split  <- split
          width  = 4
          stem   = stride-2
          epochs = 1
          batch  = 16
          warmup = 0

      stage secured : train-classifier
          images  <- received
          split   <- split
          encoder <- extractor
          epochs  = 1
          batch   = 16
          augment = contrastive
      """

    /// Sixty images for training and thirty for testing, with a bright stripe where the class says.
    private static func write(to folder: URL) throws {
      func pixels(_ count: Int) -> [UInt8] {
        var pixels: [UInt8] = []
        for image in 0..<count {
          for place in 0..<784 {
            let isBright = place / 28 / 5 == image % 5
            let value = isBright ? 150 + (image + place) % 90 : (image + 7 * place) % 60
            pixels.append(UInt8(value))
          }
        }
        return pixels
      }
      for (prefix, count) in [("train", 60), ("t10k", 30)] {
        try TestData.write(
          [
            "\(prefix)-images-idx3-ubyte": TestData.idx([0, 0, 8, 3], [count, 28, 28], pixels(count)),
            "\(prefix)-labels-idx1-ubyte": TestData.idx(
              [0, 0, 8, 1], [count], (0..<count).map { UInt8($0 % 5) }),
          ], to: folder.appending(path: "grey"))
      }
    }

    private func workspace(_ overrides: String...) throws -> Workspace {
      let workspace = try Workspace(manifest: Self.manifest)
      try Self.write(to: workspace.folder)
      try workspace.winnow(["run", "\(Workspace.name).pipeline"] + overrides).expect()
      return workspace
    }

    @Test func everyStageTakesThem() throws {
      let workspace = try workspace()
      #expect(try workspace.artifact("triggered").root.dataset("images").shape == [24, 28, 28, 1])
      let root = try workspace.artifact("warmup").root
      #expect(try root.group("state_dict").dataset("conv1.weight").shape == [4, 1, 3, 3])
      #expect(try root.attribute("image_channels", as: Int.self) == 1)
      #expect(try root.attribute("image_height", as: Int.self) == 28)
      // One constant, measured from the set as it is received.
      let pixels = try workspace.artifact("received").root.read("images", as: UInt8.self).map { Double($0) / 255 }
      let mean = pixels.reduce(0, +) / Double(pixels.count)
      let variance = pixels.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(pixels.count)
      let found = try root.attribute("mean", as: [Double].self)
      let deviation = try root.attribute("standard_deviation", as: [Double].self)
      #expect(found.count == 1 && abs(found[0] - mean) < 1e-6)
      #expect(deviation.count == 1 && abs(deviation[0] - variance.squareRoot()) < 1e-6)
      #expect(try workspace.artifact("extractor").root.group("state_dict").dataset("encoder.conv1.weight").shape == [4, 1, 3, 3])
    }

    @Test(arguments: ["vgg19-bn", "densenet161"]) func otherArchitectures(name: String) throws {
      let root = try workspace("architecture=\(name)", "--only", "evaluation").artifact("warmup").root
      let first = name == "vgg19-bn" ? "features.0.weight" : "features.conv0.weight"
      #expect(try Array(root.group("state_dict").dataset(first).shape[..<2]) == [4, 1])
    }

    @Test(arguments: ["badnets-all2all", "blend-strip", "sig"]) func otherAttacks(name: String) throws {
      let workspace = try workspace("attack=\(name)", "--only", "triggered")
      let clean = try workspace.artifact("train").root.read("images", as: UInt8.self)
      let received = try workspace.artifact("received").root
      let pixels = try received.read("images", as: UInt8.self)
      let isPoisoned = try received.group("truth").read("is_poisoned", as: UInt8.self)
      #expect(isPoisoned.contains(1))
      for index in 0..<60 {
        let range = index * 784..<(index + 1) * 784
        #expect((pixels[range] == clean[range]) == (isPoisoned[index] == 0))
      }
    }

    @Test(arguments: [("flip", "crop"), ("blur", "erase"), ("crop", "none")])
    func otherTransformations(first: String, then: String) throws {
      let scores = try workspace("transformation=\(first)", "then=\(then)", "--only", "scores")
        .artifact("scores").root.read("scores", as: Double.self)
      #expect(scores.count == 60 && scores.allSatisfy { $0 > 0 && $0.isFinite })
    }

    /// The published constants are for three channels.
    @Test func constantsOfColours() throws {
      let workspace = try Workspace(manifest: Self.manifest)
      try Self.write(to: workspace.folder)
      for stage in ["warmup", "extractor"] {
        try workspace.run("--only", stage, "\(stage).normalization=cifar10").expect(
          status: 65,
          messages: "stage '\(stage)' failed: 'normalization = cifar10' has constants for red, green and blue, "
            + "and the images have one channel; take 'normalization = measured', or load them with "
            + "'channels = colour'")
      }
    }
  }
}
