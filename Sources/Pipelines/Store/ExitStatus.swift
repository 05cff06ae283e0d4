/// The status that the command exits with (`sysexits.h`, and 128 + signal).
package struct ExitStatus: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  package static let usage = Self(rawValue: 64)
  package static let data = Self(rawValue: 65)
  package static let noInput = Self(rawValue: 66)
  package static let bug = Self(rawValue: 70)
  package static let cannotCreate = Self(rawValue: 73)
  package static let inputOutput = Self(rawValue: 74)
  package static let locked = Self(rawValue: 75)
  package static let wrongProcessor = Self(rawValue: 78)

  package static func signal(_ number: Int32) -> Self { Self(rawValue: 128 + number) }
}

/// An error that knows the status which the command should exit with.
///
/// Errors of other modules gain it where stages are defined; without it, a stage's error counts as bad
/// data.
package protocol ErrorWithExitStatus: Error {
  var exitStatus: ExitStatus { get }
}
