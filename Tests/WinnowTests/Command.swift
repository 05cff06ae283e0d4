import Foundation
import Glibc
import Synchronization
import Testing

/// What a finished command left behind.
struct Outcome {
  /// The exit status, nil where a signal ended it.
  let status: CInt?
  let signal: CInt?
  /// The standard output and the standard error.
  let output: String
  let messages: String

  /// The processor time that it took, in seconds.
  let processorTime: Double

  /// The stages that were built, in order.
  var built: [String] {
    messages.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return line.contains(": done in ") && words.count > 1 ? String(words[1].dropLast()) : nil
    }
  }

  func expect(
    status: CInt = 0, messages phrases: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status, "\(messages)", sourceLocation: sourceLocation)
    for phrase in phrases {
      #expect(messages.contains(phrase), "\(messages)", sourceLocation: sourceLocation)
    }
  }
}

/// The `winnow` that was built beside the tests, as a process of its own.
final class Command {
  let processID: pid_t
  private let outputPath: String
  private let messagesPath: String
  private var result: (status: CInt?, signal: CInt?, processorTime: Double)?
  private let stopsAtCheckpoints: Bool
  /// Whether it has stopped itself, and waits to be let on.
  private var isStopped = false

  /// Where a program lies that was built beside the tests.
  static func path(of program: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: program).path
  }

  private static let number = Atomic<Int>(0)

  private static let spawning = Mutex(())

  /// Writes what is to be run, while no process is being started: between its fork and its exec one holds open what this
  /// process is writing, and a file that is open for writing cannot be run ("text file busy").
  static func writingExecutables(_ body: () throws -> Void) rethrows {
    try spawning.withLock { _ in try body() }
  }

  /// Starts the command in a folder, with its output going to files elsewhere.
  ///
  /// Not by Foundation's `Process`, which does not tell signals that end a process from its status
  /// without a run loop.
  ///
  /// - Parameters:
  ///   - program: `winnow`, or another that was built beside the tests, or any by its path.
  ///   - stopsAtCheckpoints: Whether it stops whenever it has saved one, until `goesOnToCheckpoint` lets
  ///     it on, or `outcome`, which lets it go through.
  init(
    _ arguments: [String], program: String = "winnow", in folder: URL, logs: URL, threads: Int,
    stopsAtCheckpoints: Bool = false
  ) throws {
    self.stopsAtCheckpoints = stopsAtCheckpoints
    let program = program.hasPrefix("/") ? program : Self.path(of: program)
    let count = Self.number.add(1, ordering: .relaxed).newValue
    outputPath = logs.appending(path: "output-\(count)").path
    messagesPath = logs.appending(path: "messages-\(count)").path
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = nil
    environment["WINNOW_THREADS"] = "\(threads)"
    if stopsAtCheckpoints { environment["LD_PRELOAD"] = Self.path(of: "libCheckpointStops.so") }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messagesPath, flags, 0o600)
    // Threads of the test's own pool block signals, and a shell may have told it to ignore Ctrl-C:
    // neither is for the command to inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    // `env` goes to the folder and becomes the command, under the same process number.
    let words = (["env", "-C", folder.path, program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var processID: pid_t = 0
    // It returns when the new process has become `env`.
    let code = Self.spawning.withLock { _ in
      posix_spawn(&processID, "/usr/bin/env", &actions, &attributes, words, variables)
    }
    try #require(code == 0, "cannot start \(program): \(String(cString: strerror(code)))")
    self.processID = processID
  }

  deinit {
    guard isRunning else { return }
    send(SIGKILL)
    var status: CInt = 0
    waitpid(processID, &status, 0)
  }

  var isRunning: Bool {
    if result != nil { return false }
    var status: CInt = 0
    var usage = rusage()
    guard wait4(processID, &status, WNOHANG | WUNTRACED, &usage) == processID else { return true }
    let signal = status & 0x7F
    if signal == 0x7F {
      isStopped = stopsAtCheckpoints
      return true
    }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let used = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    result = signal == 0 ? (status >> 8 & 0xFF, nil, used) : (nil, signal, used)
    return false
  }

  func send(_ signal: CInt) { kill(processID, signal) }

  /// Lets a stopped command go on. Signals that were sent meanwhile reach it first.
  func goOn() {
    isStopped = false
    send(SIGCONT)
  }

  /// The processor time that it has used so far, in seconds.
  var processorTime: Double {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(processID, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// What it has written to the standard error so far.
  var messages: String { (try? String(contentsOfFile: messagesPath, encoding: .utf8)) ?? "" }

  /// The last stage that its messages speak of.
  var stageAtWork: String? {
    messages.split(separator: "\n").last { $0.hasPrefix("[") }.map { line in
      String(line.drop { $0 != " " }.dropFirst().prefix { $0 != ":" })
    }
  }

  /// Waits until a command that stops at checkpoints has saved one more, and returns whether it has.
  func goesOnToCheckpoint() -> Bool {
    if isStopped { goOn() }
    return wait { isStopped }
  }

  /// Waits until it has saved so many checkpoints in a stage, not counting what it saved before it got
  /// there, and returns whether it has.
  func goesOnToCheckpoint(_ count: Int, of stage: String) -> Bool {
    var seen = 0
    while seen < count {
      guard goesOnToCheckpoint() else { return false }
      if stageAtWork == stage { seen += 1 }
    }
    return true
  }

  /// Waits for its end.
  func outcome() throws -> Outcome {
    wait {
      if isStopped { goOn() }
      return false
    }
    let (status, signal, seconds) = try #require(result, "it does not end: \(messages)")
    let output = try String(contentsOfFile: outputPath, encoding: .utf8)
    return Outcome(
      status: status, signal: signal, output: output, messages: messages, processorTime: seconds)
  }

  /// Waits until something is so or the command has ended, and returns whether it is so.
  ///
  /// It gives up after five minutes or more; time in which the machine slept does not count.
  @discardableResult
  func wait(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<1_000_000 {
      if try condition() { return true }
      if !isRunning { return try condition() }
      usleep(300)
    }
    return false
  }
}
