import Images
import Pipelines
import SystemPackage

extension ImageReaderError: ErrorWithExitStatus {
  package var exitStatus: ExitStatus {
    switch reason {
    case .folderMissing, .system(.noSuchFileOrDirectory): .noInput
    case .system: .inputOutput
    default: .data
    }
  }
}
