import Foundation
import Pipelines
import SystemPackage

/// A new folder of the files that are named clean; the folder that they come from stays as it is.
package struct Quarantine {
  /// Paths in both folders.
  package let names: [String]
  /// Files of the whole set.
  package let total: Int
  private let source: FilePath
  private let target: FilePath

  /// - Throws: `QuarantineError` for names that lead out of the folder.
  package init(names: [String], of total: Int, source: FilePath, target: FilePath) throws {
    for name in names {
      let path = FilePath(name)
      guard path.isRelative, !path.components.isEmpty, path.components.allSatisfy({ $0.kind == .regular }) else {
        throw QuarantineError.leadsOut(name)
      }
    }
    self.names = names
    self.total = total
    self.source = source
    self.target = target
  }

  /// "4500 of 5000 files; 500 are left out"
  package var text: String { "\(names.count) of \(total) files; \(total - names.count) are left out" }

  /// Links every file into the new folder, or copies it where it cannot be linked.
  ///
  /// - Throws: `QuarantineError` where the folder holds anything already, or a file cannot be put there.
  package func make() throws {
    let files = FileManager.default
    if let found = try? files.contentsOfDirectory(atPath: target.string), !found.isEmpty {
      throw QuarantineError.notEmpty(target)
    }
    var made: Set<FilePath> = []
    for name in names {
      let (from, to) = (source.appending(name), target.appending(name))
      do {
        if made.insert(to.removingLastComponent()).inserted {
          try files.createDirectory(
            atPath: to.removingLastComponent().string, withIntermediateDirectories: true)
        }
        do {
          try files.linkItem(atPath: from.string, toPath: to.string)
        } catch {
          try files.copyItem(atPath: from.string, toPath: to.string)
        }
      } catch {
        throw QuarantineError.cannotPut(name, into: target, detail: error.localizedDescription)
      }
    }
  }
}

package enum QuarantineError: Error, Hashable {
  case noFiles
  case leadsOut(String)
  case notEmpty(FilePath)
  case cannotPut(String, into: FilePath, detail: String)
}

extension QuarantineError: CustomStringConvertible, ErrorWithExitStatus {
  package var description: String {
    switch self {
    case .noFiles:
      "the samples of this set are no files of their own: 'clean-indices.txt' lists those named clean by number"
    case .leadsOut(let name): "the file '\(name)' does not lie in the folder of the set"
    case .notEmpty(let path): "'\(path)' is not empty: name a folder that is not there yet"
    case .cannotPut(let name, let path, let detail): "cannot put '\(name)' into '\(path)': \(detail)"
    }
  }

  package var exitStatus: ExitStatus {
    switch self {
    case .noFiles, .leadsOut: .data
    case .notEmpty: .cannotCreate
    case .cannotPut: .inputOutput
    }
  }
}
