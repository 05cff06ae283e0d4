import Attacks
import HDF5

/// The layout of positive controls in artifacts, beside the images that they are planted in.
///
///     /controls/N            attributes kind, target_class of the Nth control, from 1
///     /controls/N/planted    int64   the images with its trigger
///     /controls/N/placebos   int64   the images with another trigger of its kind, whose labels are unchanged
///     attribute controls of the root: how many there are
enum ControlArtifact {
  private static let groupName = "controls"

  static func write(_ controls: [PositiveControls.Control], to file: HDF5.File) throws {
    let root = try file.root
    try root.setAttribute(groupName, to: .integer(controls.count))
    guard !controls.isEmpty else { return }
    let group = try root.createGroup(
      groupName, attributes: ["meaning": "triggers of our own, which a verdict on these images should find"])
    for (index, control) in controls.enumerated() {
      let place = try group.createGroup(
        "\(index + 1)",
        attributes: ["kind": .string(control.kind.rawValue), "target_class": .integer(control.target)])
      try place.write(
        control.planted, to: "planted", attributes: ["meaning": "indices of the images with the trigger"])
      try place.write(
        control.placebos, to: "placebos",
        attributes: ["meaning": "indices of images with another trigger of the kind, whose labels are unchanged"])
    }
  }

  static func read(_ file: HDF5.File) throws -> [PositiveControls.Control] {
    let root = try file.root
    let count: Int = try root.attribute(groupName)
    guard count > 0 else { return [] }
    let group = try root.group(groupName)
    return try (1...count).map { number in
      let place = try group.group("\(number)")
      let word: String = try place.attribute("kind")
      guard let kind = ControlKind(rawValue: word) else {
        throw ArtifactError.unknownWord(word, attribute: "kind", in: file.path)
      }
      return PositiveControls.Control(
        kind: kind, target: try place.attribute("target_class"), planted: try place.read("planted"),
        placebos: try place.read("placebos"))
    }
  }
}
