/// One or more single-precision numbers that are computed on together.
///
/// Loops over channels are written once, generic over this protocol, and run with sixteen lanes for
/// as many channels as possible and with one lane for the rest:
///
///     func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) { … }
///     forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
public protocol FloatLanes {
  init(repeating value: Float)
  init(at pointer: UnsafePointer<Float>)
  func store(at pointer: UnsafeMutablePointer<Float>)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  /// self + a·b with one rounding.
  func addingProduct(_ a: Self, _ b: Self) -> Self
  /// The value where it is above zero or not a number, else zero.
  var rectified: Self { get }
  /// The value where `gate` is above zero, else zero.
  func gated(by gate: Self) -> Self
}

/// Calls `sixteen` with the start of every whole group of sixteen in 0..<`count`, then `one` with
/// each number that is left.
@inlinable @inline(__always)
public func forEachLanes(_ count: Int, sixteen: (Int) -> Void, one: (Int) -> Void) {
  var index = 0
  while index + 16 <= count {
    sixteen(index)
    index += 16
  }
  while index < count {
    one(index)
    index += 1
  }
}

extension SIMD16<Float>: FloatLanes {
  @inlinable @inline(__always)
  public init(at pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }

  /// Sixteen numbers `stride` apart.
  @inlinable @inline(__always)
  public init(at p: UnsafePointer<Float>, stride s: Int) {
    self.init(
      p[0], p[s], p[2 * s], p[3 * s], p[4 * s], p[5 * s], p[6 * s], p[7 * s], p[8 * s], p[9 * s],
      p[10 * s], p[11 * s], p[12 * s], p[13 * s], p[14 * s], p[15 * s])
  }

  @inlinable @inline(__always)
  public func store(at pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
  }

  @inlinable @inline(__always)
  public var rectified: Self { replacing(with: 0, where: self .<= 0) }

  @inlinable @inline(__always)
  public func gated(by gate: Self) -> Self { replacing(with: 0, where: gate .<= 0) }
}

extension Float: FloatLanes {
  @inlinable @inline(__always)
  public init(repeating value: Float) { self = value }

  @inlinable @inline(__always)
  public init(at pointer: UnsafePointer<Float>) { self = pointer.pointee }

  @inlinable @inline(__always)
  public func store(at pointer: UnsafeMutablePointer<Float>) { pointer.pointee = self }

  @inlinable @inline(__always)
  public var rectified: Self { self <= 0 ? 0 : self }

  @inlinable @inline(__always)
  public func gated(by gate: Self) -> Self { gate <= 0 ? 0 : self }
}
