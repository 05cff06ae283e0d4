import CKernelChoice

/// The instructions of x86-64 processors beyond those that all have. Empty on processors of another kind.
public struct InstructionSets: OptionSet, Hashable, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// What the numeric code is compiled for. Stored, so that this module asks: others are compiled for any processor.
  public static let compiled = Self(rawValue: compiled_instruction_sets())

  /// What the processor at hand has.
  public static let available = Self(rawValue: processor_instruction_sets())

  /// Those of one of these names, as compilers call them ("avx512f"); other names have no part in it.
  public init(named names: Set<String>) {
    rawValue = (0..<UInt64(64)).map { 1 << $0 }.filter { Self(rawValue: $0).firstName.map(names.contains) ?? false }
      .reduce(0, |)
  }

  /// Whether numeric code has 32 registers of sixteen single-precision numbers, not sixteen of eight: what fits them
  /// is computed together. Known when code is compiled.
  @inlinable @inline(__always)
  public static var haveWideRegisters: Bool { HAS_WIDE_REGISTERS == 1 }

  /// The name of one that it holds.
  public var firstName: String? { first_instruction_set(rawValue).map { String(cString: $0) } }

  /// How much of what processors have in common it holds: the `4` of `x86-64-v4` and the like, 1 for all processors.
  public var level: Int {
    1 + Self.steps.prefix { isSuperset(of: $0) }.count
  }

  /// What levels 2, 3 and 4 have beyond the one before, without what never decides.
  private static let steps = [
    Self(named: ["popcnt", "sse4.2"]), Self(named: ["avx", "avx2", "fma", "bmi", "bmi2"]),
    Self(named: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]),
  ]
}
