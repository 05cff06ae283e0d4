import Synchronization
import SystemPackage

/// Which build a program is: two of the same version may round differently.
package struct ProgramBuild: Hashable, Sendable, Codable {
  /// The SHA-256 of the executable's bytes.
  package let text: String

  /// Where there is no `/proc`. Programs are all equal then: their version alone decides.
  static let unknown = ProgramBuild(text: "unknown")

  private init(text: String) { self.text = text }

  /// - Parameter path: An executable; one that cannot be read is unknown.
  package init(of path: FilePath, _ cache: StatCache) {
    if let digest = try? cache.digest(of: path).digest {
      text = digest.text
    } else {
      self = .unknown
    }
  }

  /// What a person needs to tell two builds apart.
  var abbreviation: String { String(text.prefix(12)) }

  private static let known = Mutex<ProgramBuild?>(nil)

  /// The build of the running program. Its executable is read when a process first asks, unless the cache
  /// knows it; most runs never ask.
  package static func running(_ cache: StatCache) -> ProgramBuild {
    known.withLock { known in
      if let known { return known }
      let build = ProgramBuild(of: "/proc/self/exe", cache)
      if build != .unknown { known = build }
      return build
    }
  }
}

/// The program that saved something: its version, and its build.
package struct ProgramIdentity: Hashable, Sendable, Codable {
  let version: String
  let build: ProgramBuild

  /// The version, and the build where it is not the other program's.
  func text(besides other: ProgramIdentity) -> String {
    build == other.build ? version : "\(version) of another build (\(build.abbreviation))"
  }
}
