import Glibc
import Pipelines

/// Ctrl-C and SIGTERM: the first asks the run to stop, the second leaves at once.
enum Signals {
  static let interruption = Interruption()

  static func install() {
    // Made here, since a signal handler must not be the first to touch it.
    _ = interruption
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        if Signals.interruption.isRequested { _exit(128 + number) }
        Signals.interruption.request(number)
      }
      sigaction(number, &action, nil)
    }
  }
}
