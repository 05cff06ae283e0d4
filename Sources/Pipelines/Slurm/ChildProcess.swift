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
    let outputEnd = try pipe(path, files)
    let messagesEnd: (read: CInt, write: CInt)
    do throws(PipelineError) {
      messagesEnd = try pipe(path, files)
    } catch {
      for end in [outputEnd.read, outputEnd.write] { Glibc.close(end) }
      throw error
    }
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
    let (output, messages) = contents(of: outputEnd.read, and: messagesEnd.read)
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

  /// Reads both up to their ends, whichever has something, and closes them: a program that waits until one is read
  /// does not end, and the other does not either.
  private static func contents(of first: CInt, and second: CInt) -> (String, String) {
    let descriptors = [first, second]
    var contents: [[UInt8]] = [[], []]
    var open: Set<Int> = [0, 1]
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !open.isEmpty {
      let places = open.sorted()
      var waited = places.map { pollfd(fd: descriptors[$0], events: Int16(POLLIN), revents: 0) }
      if poll(&waited, nfds_t(waited.count), -1) < 0 {
        if errno == EINTR { continue }
        break
      }
      for (place, found) in zip(places, waited) where found.revents != 0 {
        let count = Glibc.read(descriptors[place], &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count > 0 { contents[place] += buffer[..<count] } else { open.remove(place) }
      }
    }
    for descriptor in descriptors { Glibc.close(descriptor) }
    return (String(decoding: contents[0], as: UTF8.self), String(decoding: contents[1], as: UTF8.self))
  }
}
