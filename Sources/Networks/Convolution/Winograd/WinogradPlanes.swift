/// Where the transformed tiles of a block lie: 36 planes of inputs, then 36 of outputs.
struct WinogradPlanes {
  /// Tiles in a block, a multiple of 16.
  let tiles: Int
  /// From a plane to the next. Beyond the tiles, a product may read a few numbers of a row that is
  /// not there; and the strides are no multiple of a page, lest all planes fall into the same sets
  /// of the cache.
  let inputStride: Int
  let outputStride: Int

  /// - Parameters:
  ///   - capacity: about how many numbers the planes may have.
  ///   - leastTiles: tiles for which there is room whatever the capacity.
  ///   - mostTiles: tiles that are ever needed.
  init(_ geometry: WinogradTiles, capacity: Int, leastTiles: Int, mostTiles: Int) {
    let perTile = 36 * (geometry.inputRowStride + geometry.outputRowStride)
    tiles = (min(max(capacity / perTile, leastTiles), mostTiles) + 15) & ~15
    inputStride = tiles * geometry.inputRowStride + 80
    outputStride = tiles * geometry.outputRowStride + 80
  }

  /// Planes that stay in a second-level cache of a megabyte: at most 512 KiB.
  static func inCache(_ geometry: WinogradTiles) -> WinogradPlanes {
    WinogradPlanes(geometry, capacity: 128 << 10, leastTiles: 16, mostTiles: 128)
  }

  /// Planes of which each by itself is enough work for a task: 4 MiB or, with many channels, 128
  /// tiles.
  static func shared(_ geometry: WinogradTiles, batch: Int) -> WinogradPlanes {
    WinogradPlanes(
      geometry, capacity: 1 << 20, leastTiles: 128, mostTiles: max(1, batch * geometry.perImage))
  }

  var count: Int { 36 * (inputStride + outputStride) }

  func outputs(_ planes: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    planes + 36 * inputStride
  }
}
