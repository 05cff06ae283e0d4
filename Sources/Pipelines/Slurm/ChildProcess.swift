import Glibc
import SystemPackage

/// Runs a program to its end.
enum ChildProcess {
  struct Outcome {
    /// The exit status; 128 and the signal's number where one ended it.
    let status: Int32
    let output: String
    let messages: String
  }

  /// Runs a program that is found by `PATH`, apart from the terminal: Ctrl-C does not reach it.
  ///
  /// - Throws: `PipelineError.system` when it cannot be started.
  static func run(
    _ program: String, _ arguments: [String], _ files: FileSystem
  ) throws(PipelineError) -> Outcome {
    let path = FilePath(program)
    let (outputEnd, messagesEnd) = (try pipe(path, files), try pipe(path, files))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, outputEnd.write, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, messagesEnd.write, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      for word in words { free(word) }
    }
    var process: pid_t = 0
    let code = posix_spawnp(&process, program, &actions, &attributes, &words, environ)
    for end in [outputEnd.write, messagesEnd.write] { Glibc.close(end) }
    guard code == 0 else {
      for end in [outputEnd.read, messagesEnd.read] { Glibc.close(end) }
      throw .system(.open, path: path, Errno(rawValue: code))
    }
    let output = contents(of: outputEnd.read)
    // What such programs say is less than a pipe holds.
    let messages = contents(of: messagesEnd.read)
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: output, messages: messages)
  }

  private static func pipe(
    _ path: FilePath, _ files: FileSystem
  ) throws(PipelineError) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [0, 0]
    try files.perform(.open, path) { Glibc.pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Reads up to the end, and closes.
  private static func contents(of descriptor: CInt) -> String {
    defer { Glibc.close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
