import Foundation
import HDF5
import SystemPackage
import Testing

extension CommandTests {
  /// The kind `load` with HDF5 files of one's own.
  @Suite struct HDF5ImagesTests {
    private static let manifest = """
      stage set : load
          path    = set.h5
          split   = train
          format  = hdf5
          trusted = yes
      """

    /// Twelve images of 5x4 in three classes.
    private func write(_ workspace: Workspace, _ body: (HDF5.Group) throws -> Void) throws {
      let path = FilePath(workspace.folder.path).appending("set.h5")
      try? FileManager.default.removeItem(atPath: path.string)
      let file = try HDF5.File.create(at: path)
      try body(file.root)
      try file.close()
    }

    private func pixels(_ channels: Int) -> [UInt8] {
      (0..<(12 * 5 * 4 * channels)).map { UInt8(truncatingIfNeeded: $0 * 37) }
    }
    private let labels: [UInt8] = (0..<12).map { $0 % 3 }

    private func load(_ workspace: Workspace, _ overrides: String...) throws -> Outcome {
      try workspace.winnow(["run", "test.pipeline"] + overrides)
    }

    /// Colour images in the root, grey ones of a test set in a group; labels of any integers.
    @Test func reads() throws {
      let workspace = try Workspace(manifest: Self.manifest)
      try write(workspace) { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
        try root.write(labels, to: "labels")
        try root.write(["cat", "dog", "owl", "ox"], to: "class_names")
        let group = try root.createGroup("test")
        try group.write(pixels(1), shape: [12, 5, 4], to: "images")
        try group.write(labels.map(Int32.init), to: "labels")
      }
      try load(workspace).expect()
      var root = try workspace.artifact("set").root
      #expect(try root.dataset("images").shape == [12, 5, 4, 3])
      #expect(try root.read("images", as: UInt8.self) == pixels(3))
      #expect(try root.read("labels", as: Int.self) == labels.map(Int.init))
      #expect(try root.readStrings("class_names") == ["cat", "dog", "owl", "ox"])
      #expect(try root.attribute("origin", as: String.self) == "HDF5 file, training set")

      try load(workspace, "set.split=test").expect()
      root = try workspace.artifact("set").root
      #expect(try root.dataset("images").shape == [12, 5, 4, 1])
      #expect(try root.readStrings("class_names") == ["cat", "dog", "owl", "ox"])

      try load(workspace, "set.count=6", "set.size=8x8", "set.channels=grey").expect()
      #expect(try workspace.artifact("set").root.dataset("images").shape == [6, 8, 8, 1])
      // A file that was changed is read again.
      try write(workspace) { root in
        try root.write(pixels(1), shape: [12, 5, 4, 1], to: "train/images")
        try root.write(labels, to: "train/labels")
      }
      try load(workspace).expect()
      #expect(try workspace.artifact("set").root.readStrings("class_names") == ["0", "1", "2"])
    }

    @Test func onlyWhatIsTrusted() throws {
      let workspace = try Workspace(manifest: Self.manifest)
      try write(workspace) { _ in }
      try load(workspace, "set.trusted=no").expect(
        status: 65, messages: "'format = hdf5' needs 'trusted = yes': a hostile HDF5 file can crash the library")
      try load(workspace, "set.format=auto").expect(status: 65, messages: "'trusted' is for 'format = hdf5'")
    }

    @Test func whatIsNoSet() throws {
      let workspace = try Workspace(manifest: Self.manifest)
      func expectError(
        _ phrase: String, split: String = "train", status: CInt = 65,
        sourceLocation: SourceLocation = #_sourceLocation, _ body: (HDF5.Group) throws -> Void
      ) throws {
        try write(workspace, body)
        try load(workspace, "set.split=\(split)").expect(
          status: status, messages: phrase, sourceLocation: sourceLocation)
      }
      try expectError("there is no dataset 'train/images', nor 'images' in the root") { _ in }
      try expectError("there is no dataset 'test/images'", split: "test") { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
      }
      try expectError("is of type float32 and shape [12, 5, 4, 3]") { root in
        try root.write(pixels(3).map(Float.init), shape: [12, 5, 4, 3], to: "images")
      }
      try expectError("of which there are 1 or 3; here the second one looks like it") { root in
        try root.write(pixels(3), shape: [12, 3, 5, 4], to: "images")
      }
      try expectError("there are 12 images and 0 labels") { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
      }
      try expectError("image 4 has the label -1, and there are 3 classes") { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
        try root.write((0..<12).map { $0 == 4 ? Int8(-1) : Int8(labels[$0]) }, to: "labels")
      }
      try expectError("more than 65536 classes are not read") { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
        try root.write((0..<12).map { $0 * 100_000 }, to: "labels")
      }
      try expectError("more than 65536 classes are not read") { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
        try root.write((0..<12).map { $0 == 4 ? Int64.max : 0 }, to: "labels")
      }
      try Data("no such file".utf8).write(to: workspace.folder.appending(path: "set.h5"))
      #expect(try load(workspace).status != 0)
    }

    /// The audit's switch.
    @Test func audit() throws {
      let workspace = try Workspace(manifest: Self.manifest)
      let printed = try workspace.winnow(["audit", "set.h5", "--trust-hdf5", "--print-manifest"])
      printed.expect()
      #expect(printed.output.contains("    format = hdf5\n    trusted = yes\n"))
      try workspace.write(printed.output, to: "printed.pipeline")
      try write(workspace) { root in
        try root.write(pixels(3), shape: [12, 5, 4, 3], to: "images")
        try root.write(labels, to: "labels")
      }
      try workspace.winnow(["run", "printed.pipeline", "--only", "received"]).expect()
    }
  }
}
