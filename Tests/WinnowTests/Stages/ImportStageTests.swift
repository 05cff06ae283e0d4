import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `import`, and `winnow export`, whose files it reads.
  @Suite struct ImportStageTests {
    private static func manifest(_ settings: String = "width = 6") -> String {
      """
      include test.pipeline

      stage own : import
          images <- poisoned
          file   = model.safetensors
          \(settings)
      """
    }

    private struct Header {
      var entries: [String: Any]
      let data: Data

      init(_ bytes: Data) throws {
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length % 8 == 0)
        entries = try #require(
          try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(length)) as? [String: Any])
        data = bytes.dropFirst(8 + length)
      }

      func range(_ name: String) throws -> Range<Int> {
        let entry = try #require(entries[name] as? [String: Any])
        let places = try #require(entry["data_offsets"] as? [Int])
        return places[0]..<places[1]
      }

      /// A file of the same numbers.
      func bytes() throws -> Data {
        let text = try JSONSerialization.data(withJSONObject: entries)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + data
      }
    }

    private func exported(_ workspace: Workspace, _ stage: String = "repaired") throws -> Data {
      try workspace.winnow(["export", "test.pipeline", stage, "--to", "safetensors", "model.safetensors"])
        .expect(messages: "wrote 'model.safetensors'")
      return try Data(contentsOf: workspace.folder.appending(path: "model.safetensors"))
    }

    /// The file has the tensors of the artifact: names, shapes, types, and every bit of the numbers.
    @Test func exports() throws {
      let workspace = try Workspace(copyOf: .reference)
      let bytes = try exported(workspace)
      let header = try Header(bytes)
      let weights = try workspace.artifact("repaired").root.group("state_dict")
      let names = Set(header.entries.keys).subtracting(["__metadata__"])
      #expect(names == Set(try weights.names))
      for name in names {
        let entry = try #require(header.entries[name] as? [String: Any])
        let dataset = try weights.dataset(name)
        #expect(entry["shape"] as? [Int] == dataset.shape, "\(name)")
        #expect(entry["dtype"] as? String == (dataset.shape.isEmpty ? "I64" : "F32"), "\(name)")
        let found = header.data.dropFirst(try header.range(name).lowerBound).prefix(try header.range(name).count)
        let expected: Data =
          dataset.shape.isEmpty
          ? withUnsafeBytes(of: Int64(try weights.readScalar(name, as: Int.self)).littleEndian) { Data($0) }
          : Data(try dataset.read(as: Float.self).flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
          })
        #expect(Data(found) == expected, "\(name)")
      }
      let ranges = try names.map(header.range).sorted { $0.lowerBound < $1.lowerBound }
      #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == header.data.count)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      let about = try #require(header.entries["__metadata__"] as? [String: String])
      #expect(about["format"] == "pt" && about["architecture"] == "resnet18" && about["width"] == "6")
      #expect(try exported(workspace) == bytes)
    }

    /// What was exported comes back as it was, and is evaluated to the same figures.
    @Test func importsWhatWasExported() throws {
      let workspace = try Workspace(copyOf: .reference)
      _ = try exported(workspace)
      try workspace.write(
        Self.manifest() + """


        stage measured : evaluate
            model     <- own
            images    <- test
            triggered <- triggered
        """, to: "own.pipeline")
      let outcome = try workspace.winnow(["run", "own.pipeline", "--only", "measured"])
      outcome.expect()
      #expect(outcome.output.contains("resnet18 of width 6: "))
      let (own, original) = (
        try workspace.artifact("own", of: "own").root.group("state_dict"),
        try workspace.artifact("repaired").root.group("state_dict")
      )
      #expect(try own.names == original.names)
      for name in try own.names {
        if try own.dataset(name).shape.isEmpty {
          #expect(try own.readScalar(name, as: Int.self) == original.readScalar(name, as: Int.self), "\(name)")
        } else {
          #expect(try own.read(name, as: Float.self) == original.read(name, as: Float.self), "\(name)")
        }
      }
      let (measured, after) = (
        try workspace.artifact("measured", of: "own").root, try workspace.artifact("after").root
      )
      #expect(try measured.read("predictions", as: Int.self) == after.read("predictions", as: Int.self))
    }

    /// Numbers of 16 bits: 1, -2, a half of the smallest normal one, and so on, with their values by hand.
    @Test(arguments: [
      ("F16", [0x3C00, 0xC000, 0x0200, 0x7BFF], [1, -2, 3.0517578125e-05, 65504]),
      ("BF16", [0x3F80, 0xC000, 0x3E20, 0x4049], [1, -2, 0.15625, 3.140625]),
    ] as [(String, [UInt16], [Float])])
    func numbersOf16Bits(_ type: String, _ bits: [UInt16], _ values: [Float]) throws {
      let workspace = try Workspace(copyOf: .reference)
      var header = try Header(exported(workspace))
      // In the place of the bias of the last layer, which has ten numbers.
      let range = try header.range("fc.bias")
      var data = Data()
      for (name, entry) in header.entries.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
        var entry = try #require(entry as? [String: Any])
        let part: Data
        if name == "fc.bias" {
          part = Data((0..<10).flatMap { k in withUnsafeBytes(of: bits[k % 4].littleEndian) { Array($0) } })
          entry["dtype"] = type
        } else {
          part = Data(header.data.dropFirst(try header.range(name).lowerBound).prefix(try header.range(name).count))
        }
        entry["data_offsets"] = [data.count, data.count + part.count]
        data += part
        header.entries[name] = entry
      }
      #expect(range.count == 40)
      let text = try JSONSerialization.data(withJSONObject: header.entries)
      let file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + data
      try file.write(to: workspace.folder.appending(path: "model.safetensors"))
      try workspace.write(Self.manifest(), to: "own.pipeline")
      try workspace.winnow(["run", "own.pipeline", "--only", "own"]).expect()
      let bias = try workspace.artifact("own", of: "own").root.read("state_dict/fc.bias", as: Float.self)
      #expect(bias == (0..<10).map { values[$0 % 4] })
    }

    /// What does not fit is an error that names the tensor.
    @Test func whatDoesNotFit() throws {
      let workspace = try Workspace(copyOf: .reference)
      let bytes = try exported(workspace)
      let url = workspace.folder.appending(path: "model.safetensors")
      func expectError(
        _ file: Data?, _ phrases: String..., settings: String = "width = 6",
        sourceLocation: SourceLocation = #_sourceLocation
      ) throws {
        if let file { try file.write(to: url) }
        try workspace.write(Self.manifest(settings), to: "own.pipeline")
        let outcome = try workspace.winnow(["run", "own.pipeline", "--only", "own"])
        outcome.expect(status: 65, sourceLocation: sourceLocation)
        for phrase in phrases {
          #expect(outcome.messages.contains(phrase), "\(outcome.messages)", sourceLocation: sourceLocation)
        }
      }
      func changed(_ change: (inout [String: Any]) -> Void) throws -> Data {
        var header = try Header(bytes)
        change(&header.entries)
        return try header.bytes()
      }
      func tensor(_ name: String, _ field: String, _ value: Any) throws -> Data {
        try changed { entries in
          guard var entry = entries[name] as? [String: Any] else { return }
          entry[field] = value
          entries[name] = entry
        }
      }
      // Another network than the file's.
      try expectError(nil, "the tensor 'conv1.weight' has the shape [6, 3, 3, 3], and the network wants [7,", settings: "width = 7")
      try expectError(
        nil, "no tensor for 'features.0.weight', ", settings: "architecture = vgg19-bn\n    width = 6")
      // Names.
      try expectError(
        try changed { $0["fc.biass"] = $0.removeValue(forKey: "fc.bias") }, "no tensor for 'fc.bias'")
      try expectError(
        try changed { $0["more"] = ["dtype": "F32", "shape": [0], "data_offsets": [0, 0]] },
        "the network has no place for 'more'")
      // Headers.
      try expectError(try tensor("fc.bias", "dtype", "F99"), "'fc.bias' has the unknown type 'F99'")
      try expectError(try tensor("fc.bias", "dtype", "I32"), "'fc.bias' is of type I32, not of floating-point")
      try expectError(try tensor("fc.bias", "shape", [11]), "'fc.bias' of F32 [11] has 40 bytes")
      try expectError(try tensor("fc.bias", "shape", [-10]), "which do not fit together")
      try expectError(
        try tensor("fc.bias", "shape", [4_611_686_018_427_387_904, 4]), "which do not fit together")
      try expectError(try tensor("fc.bias", "data_offsets", [3]), "the places of 'fc.bias' are [3]")
      try expectError(try tensor("fc.bias", "data_offsets", [0, 40]), "overlap or leave a gap")
      try expectError(try tensor("fc.bias", "shape", "x"), "the header is no such JSON", "fc.bias.shape")
      // Files that are cut off, or something else.
      try expectError(bytes.prefix(bytes.count - 4), "lies beyond the end of the file")
      try expectError(bytes.prefix(100), "it is cut off, or no safetensors file")
      try expectError(bytes.prefix(5), "5 bytes are too few")
      try expectError(Data(), "0 bytes are too few")
      try expectError(Data(repeating: 0xFF, count: 64), "the header would have 18446744073709551615 bytes")
      try expectError(Data([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60)), "torch.save", "can run code")
      try expectError(Data([3, 0, 0, 0, 0, 0, 0, 0]) + Data("{x}".utf8), "the header is no such JSON")
    }

    /// A file of other classes gives all but the last layer.
    @Test func aNewClassifier() throws {
      let workspace = try Workspace(copyOf: .reference)
      var header = try Header(exported(workspace))
      // Four of the ten classes, as if they were all.
      var data = Data()
      for (name, entry) in header.entries.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
        var entry = try #require(entry as? [String: Any])
        var part = header.data.dropFirst(try header.range(name).lowerBound).prefix(try header.range(name).count)
        if name.hasPrefix("fc."), var shape = entry["shape"] as? [Int] {
          part = part.prefix(part.count / 10 * 4)
          shape[0] = 4
          entry["shape"] = shape
        }
        entry["data_offsets"] = [data.count, data.count + part.count]
        data += part
        header.entries[name] = entry
      }
      let text = try JSONSerialization.data(withJSONObject: header.entries)
      let file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + data
      try file.write(to: workspace.folder.appending(path: "model.safetensors"))
      try workspace.write(Self.manifest(), to: "own.pipeline")
      try workspace.winnow(["run", "own.pipeline", "--only", "own"]).expect(
        status: 65, messages: "the tensor 'fc.weight' has the shape [4, 48]", "'classifier = new' begins with another")
      try workspace.write(Self.manifest("width = 6\n    classifier = new"), to: "own.pipeline")
      try workspace.winnow(["run", "own.pipeline", "--only", "own"]).expect()
      let weights = try workspace.artifact("own", of: "own").root.group("state_dict")
      #expect(try weights.dataset("fc.weight").shape == [10, 48])
      let original = try workspace.artifact("repaired").root.group("state_dict")
      #expect(try weights.read("conv1.weight", as: Float.self) == original.read("conv1.weight", as: Float.self))
    }

    @Test func whatIsNoModel() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.winnow(["export", "test.pipeline", "split", "x.safetensors"])
        .expect(status: 65, messages: "is no model: it has no weights to export")
      try workspace.winnow(["export", "test.pipeline", "splt", "x.safetensors"])
        .expect(status: 66, messages: "was never built")
    }
  }
}
