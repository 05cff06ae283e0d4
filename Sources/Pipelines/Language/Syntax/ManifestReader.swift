import Foundation
import SystemPackage

/// Reads a manifest and what it includes into one syntax tree.
///
/// A file that is reached by several ways is read once, where it is met first.
struct ManifestReader {
  private(set) var syntax = ManifestSyntax()
  private(set) var files: [SourceFile] = []

  /// What relative paths of manifests start from.
  private let directory: FilePath
  private let log: DiagnosticLog
  private var known: Set<String> = []
  /// The files that are being read, each included by the one before.
  private var chain: [(name: String, identity: String)] = []

  /// - Parameter text: What stands in the first file, where that is known without reading it.
  init(_ path: FilePath, text: String? = nil, in directory: FilePath, log: DiagnosticLog) {
    self.directory = directory
    self.log = log
    let start = SourceLocation(file: path.string, line: 1, column: 1)
    read(path, text: text, askedFor: SourceSpan(location: start, length: 0, line: nil))
  }

  private mutating func read(_ path: FilePath, text: String? = nil, askedFor span: SourceSpan) {
    let file = directory.pushing(path)
    let identity = Self.identity(of: file)
    if let first = chain.firstIndex(where: { $0.identity == identity }) {
      let cycle = chain[first...].map(\.name) + [chain[first].name]
      syntax.isIncomplete = true
      log.report(.includeCycle(cycle), at: span)
      return
    }
    guard known.insert(identity).inserted else { return }

    let bytes: [UInt8]
    do {
      if let text {
        bytes = Array(text.utf8)
      } else {
        bytes = try SmallFile.bytes(at: file, limit: SourceFile.sizeLimit)
      }
    } catch {
      syntax.isIncomplete = true
      log.report(.unreadable(path: path.string, reason: error.description), at: span)
      return
    }
    guard bytes.count <= SourceFile.sizeLimit else {
      syntax.isIncomplete = true
      log.report(.tooLarge(path: path.string, limit: SourceFile.sizeLimit), at: span)
      return
    }

    let source = SourceFile(name: path.string, bytes: bytes, log: log)
    files.append(source)
    chain.append((path.string, identity))
    add(ManifestParser(source, log: log), from: path)
    chain.removeLast()
  }

  private mutating func add(_ parser: ManifestParser, from path: FilePath) {
    if parser.isIncomplete { syntax.isIncomplete = true }
    for statement in parser.statements {
      switch statement {
      case .variable(var variable):
        variable.isIncluded = chain.count > 1
        syntax.variables.append(variable)
      case .stage(let stage):
        syntax.stages.append(stage)
      case .include(let token):
        read(path.removingLastComponent().pushing(FilePath(token.text)), askedFor: token.span)
      }
    }
  }

  /// The same for all paths of one file.
  private static func identity(of path: FilePath) -> String {
    guard let resolved = realpath(path.string, nil) else { return path.lexicallyNormalized().string }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
