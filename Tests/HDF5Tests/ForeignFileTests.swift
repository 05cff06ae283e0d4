import CHDF5
import HDF5
import SystemPackage
import TestSupport
import Testing

/// Files that others write: types that this module reads and does not write.
@Suite(.nothingStaysOpen) struct ForeignFileTests {
  let scratch: Scratch

  init() throws {
    // Calls the library by way of the module first, which switches the library's clean-up at the process's end off.
    _ = libraryIsThreadSafe
    scratch = try Scratch()
  }

  /// Writes a file with a dataset of any type, and an attribute of the root with the same values.
  private func written(_ type: hid_t, memory: hid_t, count: Int, _ values: UnsafeRawPointer) throws -> File {
    let plain = winnow_property_default()
    let file = H5Fcreate(scratch.path().string, winnow_access_truncate(), plain, plain)
    let space = H5Screate_simple(1, [hsize_t(count)], nil)
    let dataset = H5Dcreate2(file, "values", type, space, plain, plain, plain)
    #expect(H5Dwrite(dataset, memory, winnow_space_all(), winnow_space_all(), plain, values) >= 0)
    let attribute = H5Acreate2(file, "values", type, space, plain, plain)
    #expect(H5Awrite(attribute, memory, values) >= 0)
    H5Aclose(attribute)
    H5Dclose(dataset)
    H5Sclose(space)
    #expect(H5Fclose(file) >= 0)
    return try File.open(at: scratch.path())
  }

  @Test func stringsOfVariableLength() throws {
    let strings = ["one", "", "drei größer", String(repeating: "x", count: 5000)]
    let type = H5Tcopy(winnow_string())
    H5Tset_size(type, winnow_variable_size())
    H5Tset_cset(type, H5T_CSET_UTF8)
    defer { H5Tclose(type) }
    let texts = strings.map { Array($0.utf8CString) }
    var pointers: [UnsafePointer<CChar>?] = []
    func collect(_ index: Int) throws -> File {
      if index == texts.count { return try written(type, memory: type, count: texts.count, pointers) }
      return try texts[index].withUnsafeBufferPointer { buffer in
        pointers.append(buffer.baseAddress)
        return try collect(index + 1)
      }
    }
    let file = try collect(0)
    #expect(try file.root.readStrings("values") == strings)
    #expect(try file.root.attribute("values") == .strings(strings))
  }

  @Test(arguments: [H5T_STR_SPACEPAD, H5T_STR_NULLPAD, H5T_STR_NULLTERM])
  func stringsPaddedInEveryWay(padding: H5T_str_t) throws {
    let padded = padding == H5T_STR_SPACEPAD ? "cat dog b   " : "cat\0dog\0b\0\0\0"
    let type = H5Tcopy(winnow_string())
    H5Tset_size(type, 4)
    H5Tset_strpad(type, padding)
    defer { H5Tclose(type) }
    let file = try written(type, memory: type, count: 3, Array(padded.utf8))
    #expect(try file.root.readStrings("values") == ["cat", "dog", "b"])
  }

  @Test func textThatIsNotUTF8() throws {
    let type = H5Tcopy(winnow_string())
    H5Tset_size(type, 2)
    defer { H5Tclose(type) }
    let file = try written(type, memory: type, count: 1, [0xff, 0xfe] as [UInt8])
    let error = try thrown { try file.root.readStrings("values") }
    #expect(error == HDF5Error(.invalidText, file: scratch.path(), object: "/values"))
    #expect(try thrown { try file.root.attribute("values") }.reason == .invalidText)
  }

  /// The way in which h5py stores Booleans.
  @Test func enumerations() throws {
    let type = H5Tenum_create(winnow_native_int8())
    for (name, value) in [("FALSE", 0 as Int8), ("TRUE", 1)] {
      withUnsafePointer(to: value) { _ = H5Tenum_insert(type, name, $0) }
    }
    defer { H5Tclose(type) }
    let file = try written(type, memory: type, count: 3, [1, 0, 1] as [Int8])
    #expect(try file.root.dataset("values").elementType == .int8)
    #expect(try file.root.read("values", as: Int8.self) == [1, 0, 1])
    #expect(try file.root.attribute("values") == .integers([1, 0, 1]))
  }

  @Test func bigEndianNumbers() throws {
    let type = H5Tcopy(winnow_stored_int32())
    H5Tset_order(type, H5T_ORDER_BE)
    defer { H5Tclose(type) }
    let file = try written(type, memory: winnow_native_int32(), count: 2, [1, -2] as [Int32])
    #expect(try file.root.read("values", as: Int32.self) == [1, -2])
    #expect(try file.root.read("values", as: Int.self) == [1, -2])
    #expect(try file.root.attribute("values") == .integers([1, -2]))
  }

  @Test func halfPrecision() throws {
    let type = H5Tcopy(winnow_stored_float())
    H5Tset_fields(type, 15, 10, 5, 0, 10)
    H5Tset_size(type, 2)
    H5Tset_ebias(type, 15)
    defer { H5Tclose(type) }
    let file = try written(type, memory: winnow_native_float(), count: 2, [0.5, -2] as [Float])
    #expect(try file.root.dataset("values").elementType == .float16)
    #expect(try file.root.read("values", as: Float.self) == [0.5, -2])
    #expect(try file.root.attribute("values") == .doubles([0.5, -2]))
  }

  @Test func unsignedAttributesBeyondInt() throws {
    let file = try written(
      winnow_stored_uint64(), memory: winnow_native_uint64(), count: 2, [1, .max] as [UInt64])
    #expect(try file.root.read("values", as: UInt64.self) == [1, .max])
    #expect(try thrown { try file.root.attribute("values") }.reason
      == .typeMismatch(stored: .uint64, requested: .int64))
  }

  @Test func compoundsAreRefused() throws {
    let type = H5Tcreate(H5T_COMPOUND, 8)
    H5Tinsert(type, "a", 0, winnow_native_int32())
    H5Tinsert(type, "b", 4, winnow_native_float())
    defer { H5Tclose(type) }
    let file = try written(type, memory: type, count: 1, [0, 0] as [Int32])
    #expect(try file.root.dataset("values").elementType == .other)
    #expect(try thrown { try file.root.read("values", as: Int32.self) }.reason
      == .typeMismatch(stored: .other, requested: .int32))
    #expect(throws: HDF5Error.self) { try file.root.attribute("values") }
  }

  @Test func linksThatLeadNowhereAreMissing() throws {
    let path = scratch.path()
    try scratch.file { try $0.createGroup("a") }.close()
    let plain = winnow_property_default()
    let id = H5Fopen(path.string, winnow_access_read_write(), plain)
    #expect(H5Lcreate_soft("/nowhere", id, "link", plain, plain) >= 0)
    #expect(H5Lcreate_soft("/link2", id, "link2", plain, plain) >= 0)
    H5Fclose(id)
    let file = try File.open(at: path)
    #expect(try !file.root.contains("link"))
    #expect(try file.root.names == ["a", "link", "link2"])
    #expect(throws: HDF5Error.self) { try file.root.dataset("link2") }
  }

  @Test func spacesTypesAndPropertyListsAreReleased() throws {
    func count() -> [hsize_t] {
      [H5I_DATATYPE, H5I_DATASPACE, H5I_GENPROP_LST, H5I_ATTR].map { kind in
        var count: hsize_t = 0
        H5Inmembers(kind, &count)
        return count
      }
    }
    func use(_ name: String) throws {
      let file = try scratch.file(name) { root in
        try root.write(["a", "b"], to: "g/strings", storage: .compressed(), attributes: ["a": "b", "c": 1])
        try root.write([1, 2], to: "numbers", storage: .checked())
      }
      _ = try file.root.readStrings("g/strings")
      _ = try file.root.dataset("numbers").readRows(0..<1, as: Int.self)
      _ = try file.root.dataset("g/strings").attribute("a")
      #expect(throws: HDF5Error.self) { try file.root.write([1], shape: [2], to: "x") }
      #expect(throws: HDF5Error.self) { try file.root.write([1], to: "x") }
    }
    try use("first.h5")
    let before = count()
    for index in 0..<200 { try use("\(index).h5") }
    // Other tests may run at the same time; a leak would add hundreds.
    #expect(zip(before, count()).allSatisfy { $1 < $0 + 100 })
  }
}
