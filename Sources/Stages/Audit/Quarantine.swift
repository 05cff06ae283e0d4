import Foundation
import Glibc
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

  /// Whether a folder can be made of a set, before anything is known of the samples.
  ///
  /// - Throws: `QuarantineError` where something is in the way, or one folder lies in the other.
  package static func check(source: FilePath, target: FilePath) throws(QuarantineError) {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: target.string, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw .notAFolder(target) }
      if let found = try? files.contentsOfDirectory(atPath: target.string), !found.isEmpty { throw .notEmpty(target) }
    }
    let (from, to) = (realPath(source), realPath(target))
    guard !to.starts(with: from), !from.starts(with: to) else { throw .overlaps(target, source) }
  }

  /// Where a path leads when links are followed; its end need not be there yet.
  private static func realPath(_ path: FilePath) -> FilePath {
    if let found = FileSystem().realPath(path) { return found }
    guard let last = path.lastComponent else { return path }
    return realPath(path.removingLastComponent()).appending(last)
  }

  /// Links every file into the new folder, or copies it where it cannot be linked. The folder appears under its name
  /// when it is whole.
  ///
  /// - Throws: `QuarantineError` where there is nothing to put there, the folder holds anything already, or a file cannot
  ///   be put there; `PipelineError.interrupted`.
  package func make(interruption: Interruption = Interruption()) throws {
    guard !names.isEmpty, let last = target.lastComponent else { throw QuarantineError.nothingClean(target) }
    try Self.check(source: source, target: target)
    let files = FileManager.default
    let partial = target.removingLastComponent().appending(".\(last.string).partial")
    // Of a run that was killed.
    try? files.removeItem(atPath: partial.string)
    do {
      try fill(partial, interruption)
      guard rename(partial.string, target.string) == 0 else {
        let code = Errno(rawValue: errno)
        throw QuarantineError.cannotPut(last.string, into: target.removingLastComponent(), detail: "\(code)")
      }
    } catch {
      try? files.removeItem(atPath: partial.string)
      throw error
    }
  }

  private func fill(_ folder: FilePath, _ interruption: Interruption) throws {
    let files = FileManager.default
    var made: Set<FilePath> = []
    for name in names {
      if interruption.isRequested { throw PipelineError.interrupted(signal: interruption.requestedBy, stage: nil) }
      // A link within the set would lead nowhere from the new folder.
      let from = URL(fileURLWithPath: source.appending(name).string).resolvingSymlinksInPath()
      let to = folder.appending(name)
      do {
        if made.insert(to.removingLastComponent()).inserted {
          try files.createDirectory(
            atPath: to.removingLastComponent().string, withIntermediateDirectories: true)
        }
        do {
          try files.linkItem(atPath: from.path, toPath: to.string)
        } catch {
          try files.copyItem(atPath: from.path, toPath: to.string)
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
  case notAFolder(FilePath)
  /// One lies in the other.
  case overlaps(FilePath, FilePath)
  case nothingClean(FilePath)
  case cannotPut(String, into: FilePath, detail: String)
}

extension QuarantineError: CustomStringConvertible, ErrorWithExitStatus {
  package var description: String {
    switch self {
    case .noFiles:
      "the samples of this set are no files of their own: 'clean-indices.txt' lists those named clean by number"
    case .leadsOut(let name): "the file '\(name)' does not lie in the folder of the set"
    case .notEmpty(let path): "'\(path)' is not empty: name a folder that is not there yet"
    case .notAFolder(let path): "'\(path)' is no folder: name one that is not there yet"
    case .overlaps(let target, let source):
      "'\(target)' and the set '\(source)' lie in each other: name a folder beside it"
    case .nothingClean(let path): "'\(path)' was not made: no sample is named clean"
    case .cannotPut(let name, let path, let detail): "cannot put '\(name)' into '\(path)': \(detail)"
    }
  }

  package var exitStatus: ExitStatus {
    switch self {
    case .noFiles, .leadsOut, .nothingClean: .data
    case .notEmpty, .notAFolder, .overlaps: .cannotCreate
    case .cannotPut: .inputOutput
    }
  }
}
