import HDF5

/// The artifacts that a report is made from; what is not there is left out of it.
struct ReportSources {
  /// An artifact and the stage that made it.
  struct Named {
    let name: String
    let file: HDF5.File
  }

  /// The training set.
  var images: HDF5.File?
  var scores: HDF5.File?
  /// What samples are taken for: a split, or a verdict.
  var split: HDF5.File?
  var detection: HDF5.File?
  /// Features in the plane.
  var embedding: HDF5.File?
  var evaluations: [Named] = []
  /// Models on the training set itself.
  var readings: [Named] = []
  /// Models and encoders, for the history of their training.
  var models: [Named] = []
}
