import Foundation
import HDF5
import TestSupport
import Testing

/// What we write is read by the library's own tools.
@Suite(.nothingStaysOpen) struct DumpTests {
  private static let tool = ["/usr/bin/h5dump", "/usr/local/bin/h5dump"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: tool != nil, "h5dump is not installed (Debian: hdf5-tools)"))
  func h5dumpShowsNamesShapesAndAttributes() throws {
    let scratch = try Scratch()
    try scratch.file { root in
      try root.setAttribute("kind", to: "split")
      try root.setAttribute("manifest", to: .string(String(repeating: "stage\n", count: 20_000)))
      try root.write(
        [0.25, 0.5] as [Float], shape: [1, 2], to: "scores/fct", storage: .compressed(),
        attributes: ["axes": .strings(["sample", "draw"])])
      try root.write(["cat", "dog"], to: "names")
    }.close()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(Self.tool))
    process.arguments = ["-H", scratch.path().string]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for part in [
      "GROUP \"scores\"", "DATASET \"fct\"", "DATATYPE  H5T_IEEE_F32LE", "( 1, 2 )", "ATTRIBUTE \"axes\"",
      "ATTRIBUTE \"kind\"", "ATTRIBUTE \"manifest\"", "DATASET \"names\"", "CSET H5T_CSET_UTF8",
    ] {
      #expect(text.contains(part))
    }
  }
}
