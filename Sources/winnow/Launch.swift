import Compute
import Glibc
import Pipelines
import SystemPackage

/// The first thing that the program does: numeric code is compiled for one kind of processor, and this may be another.
enum Launch {
  /// Leaves the process to a better build where one lies beside this one; ends it where this one cannot run here.
  static func settle() {
    let (compiled, available) = (InstructionSets.compiled, InstructionSets.available)
    if let program,
      let successor = ProgramVariants.successor(
        of: program, level: compiled.level, processor: available.level,
        exists: { access($0.string, X_OK) == 0 })
    {
      // Comes back only where it fails, and then this one does it.
      execv(successor.string, CommandLine.unsafeArgv)
    }
    guard let missing = compiled.subtracting(available).firstName else { return }
    Output.message(
      "error: this build of winnow needs a processor with '\(missing)', and this one has not got it\n"
        + "  build it here, or for all processors with AVX2: WINNOW_CPU=x86-64-v3 swift build -c release")
    Exit.leave(.wrongProcessor)
  }

  /// The program to start on other machines: the one that chooses.
  static func portableProgram(_ program: FilePath) -> FilePath {
    guard let first = ProgramVariants.first(of: program), access(first.string, X_OK) == 0 else { return program }
    return first
  }

  private static var program: FilePath? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0 else { return nil }
    return FilePath(platformString: buffer)
  }
}
