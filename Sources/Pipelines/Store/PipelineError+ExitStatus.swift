import HDF5
import SystemPackage

extension PipelineError: ErrorWithExitStatus {
  package var exitStatus: ExitStatus {
    switch self {
    case .system(let operation, _, let code): Self.status(of: operation, code)
    case .locked: .locked
    case .missingInput, .notBuilt: .noInput
    case .notAFile, .holdsStore, .damaged, .notFinite: .data
    case .changedWhileRead, .lostInput: .inputOutput
    case .reservedName, .notAPipeline, .unknownStage, .noText: .usage
    case .notEncodable: .bug
    case .stageFailed(_, let error): Self.status(ofStageError: error)
    case .severalFailed(let errors, _): errors.first?.exitStatus ?? .bug
    case .interrupted(let signal, _): .signal(signal)
    }
  }

  private static func status(of operation: FileSystem.Operation, _ code: Errno) -> ExitStatus {
    switch (operation, code) {
    case (.create, .noSpace), (.makeFolder, .noSpace), (.link, .noSpace): .inputOutput
    case (.create, _), (.makeFolder, _), (.link, _): .cannotCreate
    case (.open, .noSuchFileOrDirectory), (.examine, .noSuchFileOrDirectory),
      (.list, .noSuchFileOrDirectory):
      .noInput
    default: .inputOutput
    }
  }

  private static func status(ofStageError error: any Error) -> ExitStatus {
    switch error {
    case let error as any ErrorWithExitStatus: error.exitStatus
    case is HDF5Error, is Errno: .inputOutput
    default: .data
    }
  }
}
