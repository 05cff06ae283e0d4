/// The file formats of image sets that can be read.
package enum ImageSetFormat: String, CaseIterable, Hashable, Sendable {
  /// CIFAR-10, binary version: records of a label and 3 × 1024 pixel bytes.
  case cifar10
  /// CIFAR-100, binary version: records of a coarse label, a fine one and 3 × 1024 pixel bytes.
  case cifar100
  /// The format of MNIST and Fashion-MNIST, as it is or packed with gzip.
  case idx

  /// What people call it.
  package var title: String {
    switch self {
    case .cifar10: "CIFAR-10"
    case .cifar100: "CIFAR-100"
    case .idx: "IDX"
    }
  }

  /// The names of the files that make up `split`; of each row, one is enough. None where the format has no
  /// such part.
  func fileNames(of split: ImageSetSplit) -> [[String]] {
    switch (self, split) {
    case (.cifar10, .train): (1...5).map { ["data_batch_\($0).bin"] }
    case (.cifar10, .test): [["test_batch.bin"]]
    case (.cifar100, .train): [["train.bin"]]
    case (.cifar100, .test): [["test.bin"]]
    case (_, .validation): []
    case (.idx, _):
      ["images-idx3-ubyte", "labels-idx1-ubyte"].map { kind in
        let name = (split == .train ? "train-" : "t10k-") + kind
        let dotted = name.replacing("-idx", with: ".idx")
        return [name, name + ".gz", dotted, dotted + ".gz"]
      }
    }
  }

  /// The file that names the classes, if the format has one.
  func classNameFile(_ labels: CIFARLabels) -> String? {
    switch self {
    case .cifar10: "batches.meta.txt"
    case .cifar100: "\(labels.rawValue)_label_names.txt"
    case .idx: nil
    }
  }
}

/// The parts that image sets come in.
package enum ImageSetSplit: String, CaseIterable, Hashable, Sendable {
  case train
  /// Only folders of images have one.
  case validation = "val"
  case test

  /// What people call it.
  package var title: String {
    switch self {
    case .train: "training set"
    case .validation: "validation set"
    case .test: "test set"
    }
  }
}
