import CHDF5

/// The type of a dataset's or an attribute's elements.
package enum ElementType: Hashable, Sendable {
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  /// Half precision; can be read as `Float` or `Double`, not written.
  case float16
  case float32, float64
  case string
  /// What this module does not read: compounds, references, unusual numbers.
  case other
}

/// A number that datasets can hold.
///
/// The conformances of this module are all that there can be: the C library is told to read and write
/// values of ``elementType`` where values of the conforming type lie. `Int` is stored as 64 bits.
package protocol HDF5Scalar: BitwiseCopyable, Sendable {
  static var elementType: ElementType { get }
}

extension Int8: HDF5Scalar { package static var elementType: ElementType { .int8 } }
extension Int16: HDF5Scalar { package static var elementType: ElementType { .int16 } }
extension Int32: HDF5Scalar { package static var elementType: ElementType { .int32 } }
extension Int64: HDF5Scalar { package static var elementType: ElementType { .int64 } }
extension Int: HDF5Scalar { package static var elementType: ElementType { .int64 } }
extension UInt8: HDF5Scalar { package static var elementType: ElementType { .uint8 } }
extension UInt16: HDF5Scalar { package static var elementType: ElementType { .uint16 } }
extension UInt32: HDF5Scalar { package static var elementType: ElementType { .uint32 } }
extension UInt64: HDF5Scalar { package static var elementType: ElementType { .uint64 } }
extension Float: HDF5Scalar { package static var elementType: ElementType { .float32 } }
extension Double: HDF5Scalar { package static var elementType: ElementType { .float64 } }

extension ElementType {
  enum Class {
    case signed, unsigned, floatingPoint, text, other
  }

  var `class`: Class {
    switch self {
    case .int8, .int16, .int32, .int64: .signed
    case .uint8, .uint16, .uint32, .uint64: .unsigned
    case .float16, .float32, .float64: .floatingPoint
    case .string: .text
    case .other: .other
    }
  }

  /// Bytes of a number; 0 for what has no fixed size.
  var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    case .string, .other: 0
    }
  }

  /// Whether values of this type can be read as another: floating point as any floating point, integers
  /// where no value is lost.
  func isReadable(as requested: ElementType) -> Bool {
    switch (self.class, requested.class) {
    case (.floatingPoint, .floatingPoint): true
    case (.signed, .signed), (.unsigned, .unsigned): byteCount <= requested.byteCount
    case (.unsigned, .signed): byteCount < requested.byteCount
    default: false
    }
  }

  /// The C library's identifier of the type as it lies in memory; nil for what is not a number.
  var memoryType: hid_t? {
    switch self {
    case .int8: winnow_native_int8()
    case .int16: winnow_native_int16()
    case .int32: winnow_native_int32()
    case .int64: winnow_native_int64()
    case .uint8: winnow_native_uint8()
    case .uint16: winnow_native_uint16()
    case .uint32: winnow_native_uint32()
    case .uint64: winnow_native_uint64()
    case .float32: winnow_native_float()
    case .float64: winnow_native_double()
    case .float16, .string, .other: nil
    }
  }

  /// The little-endian type that is written to files; nil for what is not a number.
  var storedType: hid_t? {
    switch self {
    case .int8: winnow_stored_int8()
    case .int16: winnow_stored_int16()
    case .int32: winnow_stored_int32()
    case .int64: winnow_stored_int64()
    case .uint8: winnow_stored_uint8()
    case .uint16: winnow_stored_uint16()
    case .uint32: winnow_stored_uint32()
    case .uint64: winnow_stored_uint64()
    case .float32: winnow_stored_float()
    case .float64: winnow_stored_double()
    case .float16, .string, .other: nil
    }
  }

  /// The type that an identifier of the C library stands for.
  init(of type: hid_t) {
    let size = quietly { H5Tget_size(type) }
    switch quietly({ H5Tget_class(type) }) {
    case H5T_INTEGER:
      self = Self.integer(byteCount: size, signed: quietly { H5Tget_sign(type) } == H5T_SGN_2)
    case H5T_ENUM:
      // h5py stores Booleans so; they read as the integers that they are made of.
      let base = quietly { H5Tget_super(type) }
      self = base < 0 ? .other : ElementType(of: base)
      if base >= 0 { quietly { _ = H5Tclose(base) } }
    case H5T_FLOAT:
      self = switch size {
      case 2: .float16
      case 4: .float32
      case 8: .float64
      default: .other
      }
    case H5T_STRING:
      self = .string
    default:
      self = .other
    }
  }

  private static func integer(byteCount: Int, signed: Bool) -> ElementType {
    switch byteCount {
    case 1: signed ? .int8 : .uint8
    case 2: signed ? .int16 : .uint16
    case 4: signed ? .int32 : .uint32
    case 8: signed ? .int64 : .uint64
    default: .other
    }
  }
}
