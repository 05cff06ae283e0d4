import Foundation
import HDF5
import SystemPackage

extension PipelineError: CustomStringConvertible {
  /// What happened and where, and on the lines that follow what to do about it.
  package var description: String {
    guard let hint else { return message }
    return message + "\n  " + hint.split(separator: "\n").joined(separator: "\n  ")
  }

  /// What happened and where.
  package var message: String {
    switch self {
    case .system(let operation, let path, let code):
      return "cannot \(operation.phrase) '\(path)': \(code)"
    case .locked(_, let holder?):
      return "process \(holder.processID) has been writing to this store since "
        + "\(holder.since.formatted(.iso8601)), running '\(holder.manifest)'"
    case .locked(let path, nil):
      return "another process is writing to this store (it holds '\(path)')"
    case .missingInput(let path, let parameter, let stage):
      return "stage '\(stage)': there is no '\(path)' (the parameter '\(parameter)')"
    case .notAFile(let path):
      return "'\(path)' is neither a file nor a folder"
    case .changedWhileRead(let path):
      return "'\(path)' was changed while it was being read"
    case .reservedName(let name):
      return "a pipeline cannot be called '\(name)': the store keeps its own files under that name"
    case .notAPipeline(let name):
      return "'\(name)' names no pipeline"
    case .holdsStore(let path, let store):
      return "'\(path)' holds '\(store)', which this run writes to"
    case .unknownStage(let name, _):
      return "there is no stage '\(name)' in this pipeline"
    case .lostInput(let stage, let path):
      return "stage '\(stage)': its input '\(path)' was damaged or removed during the run"
    case .notFinite(let value, let index, let place):
      return "its result contains \(value) at index \(index) of \(place), and was not published"
    case .notEncodable(let path, let reason):
      return "cannot write '\(path)': \(reason)"
    case .stageFailed(let stage, let error):
      // A hint of the cause is this error's hint too.
      return "stage '\(stage)' failed: \((error as? PipelineError)?.message ?? "\(error)")"
    case .severalFailed(let errors, let skipped):
      let lines = errors.map { "  " + $0.message }
      let rest =
        skipped.isEmpty
        ? [] : ["  skipped, because they need a failed stage: " + skipped.joined(separator: " ")]
      return (["\(errors.count) stages failed:"] + lines + rest).joined(separator: "\n")
    case .interrupted(let signal, let stage?):
      return "stopped by \(signalName(signal)) in stage '\(stage)'"
    case .interrupted(let signal, nil):
      return "stopped by \(signalName(signal))"
    case .notBuilt(let stage, let pipeline, let built) where built.contains(stage):
      return "the record of the stage '\(stage)' of '\(pipeline)' cannot be read"
    case .notBuilt(let stage, let pipeline, _):
      return "the stage '\(stage)' of '\(pipeline)' was never built"
    case .noText(let name, let stage, _):
      return "the artifact of '\(stage)' has no text '\(name)'"
    case .damaged(let count):
      return count == 1 ? "1 file is damaged" : "\(count) files are damaged"
    }
  }

  /// What to do about it, where there is something to say.
  package var hint: String? {
    switch self {
    case .system(_, _, let code): code.hint
    case .locked: "wait until it has ended, for which run and audit have --wait, or stop it"
    case .missingInput: "paths are relative to the directory of the run; -C changes it"
    case .notAFile: nil
    case .changedWhileRead: "run again when nothing writes to it"
    case .reservedName: "rename the manifest"
    case .notAPipeline: "name its manifest"
    case .holdsStore: "run in another directory, which -C chooses"
    case .unknownStage(let name, let known):
      Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? "its stages are: " + known.prefix(20).joined(separator: " ") + (known.count > 20 ? " …" : "")
    case .lostInput: "run again: it will be rebuilt"
    case .notFinite: "check its parameters and inputs: the computation overflowed or diverged"
    case .notEncodable: nil
    case .stageFailed(_, let error): Self.hint(for: error)
    case .severalFailed: "what was finished is kept"
    case .interrupted: "run the same command again to resume"
    case .notBuilt(let stage, _, let built) where built.contains(stage): "'winnow run' builds it again"
    case .notBuilt(_, _, let built):
      built.isEmpty ? "build it with 'winnow run'" : "these were: " + built.joined(separator: " ")
    case .noText(_, _, let known):
      known.isEmpty ? "it has none" : "it has these: " + known.joined(separator: " ")
    case .damaged: "'winnow run' rebuilds those that it needs"
    }
  }

  private static func hint(for error: any Error) -> String? {
    switch error {
    case let error as PipelineError: return error.hint
    case let error as HDF5Error:
      guard case .system(_, let code) = error.reason else { return nil }
      return code.hint
    case let code as Errno: return code.hint
    default: return nil
    }
  }

  private func signalName(_ number: Int32) -> String {
    switch number {
    case 1: "SIGHUP"
    case 2: "Ctrl-C"
    case 15: "SIGTERM"
    default: "signal \(number)"
    }
  }
}

extension FileSystem.Operation {
  fileprivate var phrase: String {
    switch self {
    case .open: "open"
    case .create: "create"
    case .read: "read"
    case .write: "write"
    case .flush: "flush to disk"
    case .close: "close"
    case .rename: "put in place"
    case .remove: "remove"
    case .list: "list"
    case .makeFolder: "create the folder"
    case .link: "create the link"
    case .examine: "examine"
    case .lock: "lock"
    }
  }
}

extension Errno {
  fileprivate var hint: String? {
    switch self {
    case .noSpace: "free some space and run again: every finished stage is kept"
    case .diskQuotaExceeded: "your quota is used up; free some space and run again"
    case .permissionDenied, .notPermitted: "check who owns it, and its permissions"
    case .readOnlyFileSystem: "run in a directory that can be written to, or choose one with -C"
    case .ioError: "the disk or its connection is failing; nothing finished was lost"
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "raise the limit with 'ulimit -n'"
    default: nil
    }
  }
}
