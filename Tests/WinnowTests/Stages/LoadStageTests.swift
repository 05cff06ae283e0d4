import Foundation
import HDF5
import TestSupport
import Testing

extension CommandTests {
  /// The kind `load` with folders of pictures.
  @Suite struct LoadStageTests {
    /// Forty pictures of 8x8 in two classes, and some that are none.
    private static func write(to folder: URL) throws {
      for index in 0..<40 {
        let isBright = index % 2 == 0
        let pixels = (0..<192).map { place -> UInt8 in
          let noise = (place * 7 + index * 13) % 90
          return UInt8(isBright && place < 96 ? noise + 150 : noise)
        }
        try write(
          pngFile(pixels, height: 8, width: 8, channels: 3),
          to: folder.appending(path: "train/\(isBright ? "bright" : "dark")/\(index).png"))
      }
    }

    private static func write(_ bytes: [UInt8], to file: URL) throws {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }

    private func workspace(_ parameters: String...) throws -> Workspace {
      let lines = (["path = pictures", "split = train"] + parameters).map { "    \($0)\n" }.joined()
      let workspace = try Workspace(manifest: "stage set : load\n" + lines)
      try Self.write(to: workspace.folder.appending(path: "pictures"))
      return workspace
    }

    /// The name of every sample's file goes along to the list of suspects.
    @Test func namesTravel() throws {
      let workspace = try workspace()
      try workspace.write(
        """
        stage set : load
            path  = pictures
            split = train

        stage poisoned : poison
            images <- set
            attack = blend-strip
            rate   = 20%

        stage warmup : train
            images <- poisoned
            width  = 2
            stem   = plain
            epochs = 3
            batch  = 10

        stage scores : fct
            images <- poisoned
            model  <- warmup

        stage split : split
            scores   <- scores
            images   <- poisoned
            clean    = 20%
            poisoned = 10%

        stage fit : label-fit
            images <- poisoned
            model  <- warmup

        stage round : confusion
            images <- poisoned
            model  <- warmup
            scores <- fit
            share  = 90%
            steps  = 250
            batch  = 8

        # Long enough that it knows the classes, bright and dark, and denies some label of what is poisoned.
        stage check : check
            images <- poisoned
            model  <- warmup
            scores <- round
            steps  = 500
            batch  = 8

        stage verdict : verdict
            images            <- poisoned
            scores            <- round
            check             <- check
            threshold         = 0.1%
            naming            = 0.1%
            certain           = 0.1%
            loose             = 0.1%
            fewest            = 1
            fewest-share      = 0
            fewest-images     = 1
            poisoned-below    = 100%
            poisoned-of-usual = 100%
            easy-from         = 100%

        stage joint : joint-verdict
            verdicts <- verdict

        stage controls : controls
            images <- poisoned
            blend  = 5%

        stage judged : power
            verdicts <- joint verdict
            copies   <- controls
        """)
      let outcome = try workspace.run()
      outcome.expect()
      #expect(outcome.output.contains("40 images of 8×8×3 in 2 classes: folder of images, training set"))
      let set = try workspace.artifact("set").root
      let names = try set.readStrings("names")
      #expect(names.prefix(3) == ["train/bright/0.png", "train/bright/10.png", "train/bright/12.png"])
      #expect(try set.readStrings("class_names") == ["bright", "dark"])
      #expect(try set.read("labels", as: Int.self) == (0..<40).map { $0 / 20 })
      #expect(try workspace.artifact("poisoned").root.readStrings("names") == names)
      let split = try workspace.artifact("split").root
      let suspects = try split.read("suspects", as: Int.self)
      #expect(suspects.count == 4)
      #expect(try split.readStrings("suspect_names") == suspects.map { names[$0] })
      #expect(try workspace.artifact("controls").root.readStrings("names") == names)
      for stage in ["verdict", "joint", "judged"] {
        let verdict = try workspace.artifact(stage).root
        let suspects = try verdict.read("suspects", as: Int.self)
        #expect(!suspects.isEmpty)
        #expect(try verdict.readStrings("suspect_names") == suspects.map { names[$0] }, "\(stage)")
      }
    }

    @Test func whatIsLeftOutIsToldAndStored() throws {
      let workspace = try workspace("size = 4x6", "fit = crop")
      let folder = workspace.folder.appending(path: "pictures")
      try Self.write([], to: folder.appending(path: "train/dark/empty\nname.png"))
      try Self.write(Array("text".utf8), to: folder.appending(path: "train/dark/text.jpg"))
      try Self.write([1], to: folder.appending(path: "train/dark/Thumbs.db"))
      try Self.write(
        pngFile([UInt8](repeating: 1, count: 400), height: 10, width: 10, channels: 4),
        to: folder.appending(path: "train/small/1.png"))
      let outcome = try workspace.run()
      outcome.expect()
      for phrase in [
        "41 images of 4×6×3 in 3 classes", "1 of the files have transparency, which was dropped",
        "files with the endings of no images, which were not looked at: 1", "warning: only one image of: small\n",
        "warning: files that were left out: 2 (/left_out lists them): train/dark/empty\\nname.png: the file is empty; "
          + "train/dark/text.jpg: it is no PNG, JPEG or WebP\n",
      ] {
        #expect(outcome.output.contains(phrase), "\(outcome.output)")
      }
      let group = try workspace.artifact("set").root.group("left_out")
      #expect(try group.readStrings("names") == ["train/dark/empty\nname.png", "train/dark/text.jpg"])
      #expect(try group.readStrings("reasons") == ["the file is empty", "it is no PNG, JPEG or WebP"])
      try workspace.run("set.strict=yes").expect(
        status: 65,
        messages: "stage 'set' failed: pictures: train/dark/empty\\nname.png: the file is empty",
        "without 'strict = yes', such files are left out and listed")
    }

    @Test func aChangedPictureMakesTheSetStale() throws {
      let workspace = try workspace("count = 10")
      try workspace.run().expect()
      try workspace.run().expect(messages: "nothing to do")
      try Self.write(
        pngFile([UInt8](repeating: 200, count: 192), height: 8, width: 8, channels: 3),
        to: workspace.folder.appending(path: "pictures/train/bright/0.png"))
      let outcome = try workspace.run()
      #expect(outcome.built == ["set"])
      let pixels = try workspace.artifact("set").root.read("images", as: UInt8.self)
      #expect(pixels.count == 1920 && pixels[..<192].allSatisfy { $0 == 200 })
    }

    @Test func aListNamesFilesAndLabels() throws {
      let workspace = try workspace("list = pictures/labels.csv")
      try Self.write(
        Array("file,label\ntrain/dark/1.png,b\ntrain/bright/0.png,a\n".utf8),
        to: workspace.folder.appending(path: "pictures/labels.csv"))
      try workspace.run().expect()
      let root = try workspace.artifact("set").root
      #expect(try root.readStrings("names") == ["train/dark/1.png", "train/bright/0.png"])
      #expect(try root.read("labels", as: Int.self) == [1, 0])
      try workspace.run("set.format=cifar10").expect(
        status: 65, messages: "'list' is for folders of pictures, not for 'format = cifar10'")
    }

    @Test(arguments: [
      (["set.size=64"], "'size' takes height and width in pixels, each from 1 to 4096, such as 64x64, or 'none'"),
      (["set.size=0x64"], "0 is out of range"),
      (["set.split=test"], "stage 'set' failed: pictures: there is no test set in it"),
      (["set.labels=coarse", "set.format=folder"], "'labels = coarse' is for CIFAR-100, not for 'format = folder'"),
      (["set.format=cifar10"], "data_batch_1.bin, data_batch_2.bin"),
      (["set.only-classes=drak"], "stage 'set' failed: there is no class 'drak'; did you mean 'dark'?"),
      (["set.only-classes=dark", "set.classes=1"], "'classes' and 'only-classes' both say which classes"),
    ] as [([String], String)])
    func wrongWords(overrides: [String], message: String) throws {
      try workspace("size = none", "format = auto", "labels = fine", "only-classes = none", "classes = none")
        .winnow(["run", "test.pipeline"] + overrides).expect(status: 65, messages: message)
    }

    /// A picture that cannot be read is one of the set.
    @Test func someClasses() throws {
      let workspace = try workspace("only-classes = dark")
      try Self.write([1, 2, 3], to: workspace.folder.appending(path: "pictures/train/dark/11.png"))
      try workspace.run().expect()
      let root = try workspace.artifact("set").root
      #expect(try root.readStrings("class_names") == ["dark"])
      #expect(try root.read("labels", as: Int.self) == [Int](repeating: 0, count: 19))
      // Of forty, the bright ones stand in front, and 1.png before 11.png.
      #expect(try root.read("places", as: Int.self) == [20] + Array(22..<40))
    }

    @Test func picturesOfDifferentSizes() throws {
      let workspace = try workspace()
      try Self.write(
        pngFile([UInt8](repeating: 1, count: 100), height: 10, width: 10, channels: 1),
        to: workspace.folder.appending(path: "pictures/train/dark/7.png"))
      try workspace.run().expect(
        status: 65,
        messages: "stage 'set' failed: pictures/train/dark/7.png: the image is 10×10, and "
          + "train/bright/0.png is 8×8", "hint: 'size = 64x64' brings all images to one size")
      try workspace.run("set.size=8x8").expect()
    }

    @Test func anEmptyFolder() throws {
      let workspace = try workspace("format = folder")
      try FileManager.default.createDirectory(
        at: workspace.folder.appending(path: "empty"), withIntermediateDirectories: true)
      try workspace.run("set.path=empty").expect(
        status: 65,
        messages: "stage 'set' failed: empty: there are no PNG, JPEG or WebP files in folders of classes",
        "hint: images lie in a folder for each class: cat/1.jpg, dog/2.png")
    }
  }
}
