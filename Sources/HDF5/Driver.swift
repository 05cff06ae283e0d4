import CHDF5

/// The largest file, so that addresses fit into the system's signed offsets.
private let largestAddress = haddr_t(Int64.max)

/// The identifier of the file driver through which the C library reads and writes: a ``FileOnDisk`` for
/// each file. The bytes are those of the library's own driver.
let driver: hid_t = {
  var table = H5FD_class_t()
  table.name = driverName
  table.maxaddr = largestAddress
  table.fc_degree = H5F_CLOSE_STRONG
  table.open = { path, flags, _, _ in
    guard let path, let disk = try? FileOnDisk(path: path, flags: flags) else { return nil }
    let file = UnsafeMutablePointer<winnow_driver_file>.allocate(capacity: 1)
    file.initialize(to: winnow_driver_file())
    file.pointee.context = Unmanaged.passRetained(disk).toOpaque()
    return UnsafeMutableRawPointer(file).assumingMemoryBound(to: H5FD_t.self)
  }
  table.close = { file in
    guard let file else { return -1 }
    let whole = UnsafeMutableRawPointer(file).assumingMemoryBound(to: winnow_driver_file.self)
    Unmanaged<FileOnDisk>.fromOpaque(whole.pointee.context).takeRetainedValue().close()
    whole.deallocate()
    return 0
  }
  table.cmp = { first, second in
    guard let first = disk(first), let second = disk(second) else { return -1 }
    if first.device != second.device { return first.device < second.device ? -1 : 1 }
    if first.inode != second.inode { return first.inode < second.inode ? -1 : 1 }
    return 0
  }
  table.query = { _, flags in
    // What the library may do to make fewer and larger calls.
    flags?.pointee = UInt(
      H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE
        | H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE)
    return 0
  }
  table.get_eoa = { file, _ in disk(file)?.endOfAllocation ?? haddr_t.max }
  table.set_eoa = { file, _, address in
    guard let disk = disk(file), isInside(address, 0) else { return -1 }
    disk.endOfAllocation = address
    return 0
  }
  table.get_eof = { file, _ in disk(file)?.endOfFile ?? haddr_t.max }
  table.get_handle = { file, _, handle in
    guard let disk = disk(file) else { return -1 }
    handle?.pointee = Unmanaged.passUnretained(disk).toOpaque()
    return 0
  }
  table.read = { file, _, _, address, count, buffer in
    guard let disk = disk(file), isInside(address, count) else { return -1 }
    return disk.read(UnsafeMutableRawBufferPointer(start: buffer, count: count), at: address) ? 0 : -1
  }
  table.write = { file, _, _, address, count, buffer in
    guard let disk = disk(file), isInside(address, count) else { return -1 }
    disk.write(UnsafeRawBufferPointer(start: buffer, count: count), at: address)
    return 0
  }
  table.truncate = { file, _, _ in
    disk(file)?.truncate()
    return 0
  }
  // No locks; but only for a driver that has some does the library mark files that are open for writing, and
  // refuse those that were never closed.
  table.lock = { _, _ in 0 }
  table.unlock = { _ in 0 }
  // Structures and elements are allocated apart from each other.
  let structure = H5FD_MEM_SUPER
  let elements = H5FD_MEM_DRAW
  table.fl_map = (structure, structure, structure, elements, elements, structure, structure)
  return quietly { H5FDregister(&table) }
}()

/// The library keeps the pointer.
private var driverName: UnsafePointer<CChar> {
  UnsafeRawPointer(("winnow" as StaticString).utf8Start).assumingMemoryBound(to: CChar.self)
}

private func disk(_ file: UnsafePointer<H5FD_t>?) -> FileOnDisk? {
  guard let file else { return nil }
  let whole = UnsafeRawPointer(file).assumingMemoryBound(to: winnow_driver_file.self)
  return Unmanaged<FileOnDisk>.fromOpaque(whole.pointee.context).takeUnretainedValue()
}

private func disk(_ file: UnsafeMutablePointer<H5FD_t>?) -> FileOnDisk? {
  disk(UnsafePointer(file))
}

/// Damaged files make the library ask for any address.
private func isInside(_ address: haddr_t, _ count: Int) -> Bool {
  let (end, overflow) = address.addingReportingOverflow(haddr_t(count))
  return !overflow && end <= largestAddress
}

extension FileOnDisk {
  /// The file behind an identifier of an open file; nil for one that another driver opened.
  static func of(_ file: hid_t) -> FileOnDisk? {
    var handle: UnsafeMutableRawPointer?
    let code = quietly { H5Fget_vfd_handle(file, winnow_property_default(), &handle) }
    guard code >= 0, let handle else { return nil }
    return Unmanaged<FileOnDisk>.fromOpaque(handle).takeUnretainedValue()
  }
}
