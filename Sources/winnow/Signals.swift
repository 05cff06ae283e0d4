import Glibc
import Pipelines

/// Ctrl-C, SIGTERM, and a terminal that is gone: the first asks the run to stop, the second leaves at once.
enum Signals {
  static let interruption = Interruption()

  /// For every command: a file that grows beyond a limit (`ulimit -f`) is an error like a full disk, which leaves
  /// nothing half-written.
  static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }

  /// For commands that run stages.
  static func install() {
    // Made here, since a signal handler must not be the first to touch it.
    _ = interruption
    // Writing then fails, and that is told and has its exit status; the signal would end a run in mid-work.
    signal(SIGPIPE, SIG_IGN)
    // Under nohup the terminal may go.
    var hangup = sigaction()
    sigaction(SIGHUP, nil, &hangup)
    let isHangupIgnored = unsafeBitCast(hangup.__sigaction_handler.sa_handler, to: Int.self) == 1
    for number in [SIGINT, SIGTERM] + (isHangupIgnored ? [] : [SIGHUP]) {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        if Signals.interruption.isRequested { _exit(128 + number) }
        Signals.interruption.request(number)
      }
      sigaction(number, &action, nil)
    }
  }
}
