import HDF5

/// Where one stage keeps its state between runs.
///
/// A checkpoint belongs to a fingerprint: with another parameter or input it is not found.
/// It is published atomically and verified before use, like an artifact; it goes when the artifact
/// is published.
package protocol Checkpoints: AnyObject {
  /// Whether so much time has passed since the last one (or the start) that one should be saved now.
  var isDue: Bool { get }

  /// The last whole checkpoint, or `nil` when there is none. A damaged one is reported and ignored.
  func latest() throws -> HDF5.File?

  /// Saves a checkpoint in place of the last one. `label` says where it stands ("epoch 3 of 12, step
  /// 40") for `winnow status`.
  func save(label: String, _ write: (HDF5.File) throws -> Void) throws
}
