import SystemPackage

/// Builds of the program for processors of different levels that lie in one folder: `winnow`, and beside it
/// `winnow-x86-64-v3`, `winnow-x86-64-v4`. The first one hands over to the best that the processor can run.
package enum ProgramVariants {
  /// - Parameters:
  ///   - program: The program that was started.
  ///   - level: The level that it is built for.
  ///   - processor: The level of the processor.
  ///   - exists: Whether there is such a program.
  /// - Returns: The program to run in its place; `nil` where it is the best.
  package static func successor(
    of program: FilePath, level: Int, processor: Int, exists: (FilePath) -> Bool
  ) -> FilePath? {
    guard first(of: program) == nil, let name = program.lastComponent?.string else { return nil }
    return levels.filter { $0 > level && $0 <= processor }.reversed().lazy
      .map { program.removingLastComponent().appending(name + suffix($0)) }.first(where: exists)
  }

  /// The program that hands over to this one; `nil` where the name is not that of a variant.
  package static func first(of program: FilePath) -> FilePath? {
    guard let name = program.lastComponent?.string,
      let level = levels.first(where: { name.hasSuffix(suffix($0)) })
    else { return nil }
    return program.removingLastComponent().appending(String(name.dropLast(suffix(level).count)))
  }

  private static let levels = 2...4

  private static func suffix(_ level: Int) -> String { "-x86-64-v\(level)" }
}
