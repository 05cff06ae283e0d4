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
        of: program, level: compiled.level, processor: available.level, exists: isExecutable)
    {
      if isOlder(successor, than: program) {
        Output.message("warning: '\(successor)' is older than '\(program)' and is not used")
      } else {
        // Comes back only where it fails, and then this one does it.
        execv(successor.string, CommandLine.unsafeArgv)
      }
    }
    guard let missing = compiled.subtracting(available).firstName else { return }
    Output.message(
      "error: this build of winnow needs a processor with '\(missing)', and this one has not got it\n"
        + "  build it here, or for all processors with AVX2: WINNOW_CPU=x86-64-v3 swift build -c release")
    Exit.leave(.wrongProcessor)
  }

  /// Opens what may be closed of the three streams: the next files to be opened would have their numbers, and what is
  /// printed would be written into them. What is printed is lost then, and results that are lost are an error.
  static func openStandardStreams() {
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// The words of the command, as the kernel gave them: `CommandLine.arguments` asks `/proc`, which may not be there.
  static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { place in
      CommandLine.unsafeArgv[place].map { String(cString: $0) }
    }
  }

  /// What is wrong with the number of threads in the environment.
  static var problemWithThreads: String? {
    guard let text = getenv("WINNOW_THREADS").map({ String(cString: $0) }), !text.isEmpty,
      !(Int(text).map((1...1024).contains) ?? false)
    else { return nil }
    return "WINNOW_THREADS takes 1 to 1024, not '\(text)'"
  }

  /// The program to start on other machines: the one that chooses.
  static func portableProgram(_ program: FilePath) -> FilePath {
    guard let first = ProgramVariants.first(of: program), isExecutable(first) else { return program }
    return first
  }

  private static var program: FilePath? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0 else { return nil }
    return FilePath(platformString: buffer)
  }

  private static func isExecutable(_ path: FilePath) -> Bool { access(path.string, X_OK) == 0 }

  /// Whether a build was made before another: of older sources perhaps.
  private static func isOlder(_ build: FilePath, than other: FilePath) -> Bool {
    guard let made = modification(build), let otherMade = modification(other) else { return false }
    return (made.tv_sec, made.tv_nsec) < (otherMade.tv_sec, otherMade.tv_nsec)
  }

  private static func modification(_ path: FilePath) -> timespec? {
    var status = stat()
    return stat(path.string, &status) == 0 ? status.st_mtim : nil
  }
}
