import Foundation
import TestSupport
import Testing

/// Files that were written, run by onnxruntime: where `python3`, or the Python that `WINNOW_PYTHON` names, has it.
@Suite(.enabled(if: Python.hasRuntime, "no onnxruntime; WINNOW_PYTHON names a Python that has onnx and onnxruntime"))
struct RuntimeTests {
  private func check(_ example: ExampleNetwork) throws {
    let folder = try TemporaryFolder()
    let pictures = try example.pictures()
    func path(_ name: String) -> String { folder.path(name).string }
    try folder.write(example.bytes(), to: "model.onnx")
    try folder.write(
      pictures.values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } },
      to: "pixels.f32")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/run.py")
    let run = try Python.run(
      [script.path, path("model.onnx"), example.output.rawValue] + pictures.shape.map { "\($0)" }
        + [path("pixels.f32"), path("result.f32")])
    try #require(run.status == 0, "\(run.output)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path("result.f32")))
    let values = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: 4).map {
        Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
    let expected = try example.expected()
    try example.expectClose(TensorValue(shape: expected.shape, values: values))
  }

  @Test(arguments: Example.allCases) func givesTheSameNumbers(_ example: Example) throws {
    try check(example.network)
  }

  @Test func everyOperation() throws {
    let example = Example.rareOperations
    try check(example)
    try check(ExampleNetwork(example.network.plan, output: "spread"))
  }
}
