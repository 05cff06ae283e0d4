import Attacks
import Images
import Pipelines
import SystemPackage

/// An artifact that does not hold what its type promises, or artifacts that do not belong together.
enum ArtifactError: Error, Hashable {
  case wrongShape(String, found: [Int], in: FilePath)
  case unknownWord(String, attribute: String, in: FilePath)
  case differentCounts(String, Int, String, Int)
  case otherTestSet(triggered: String, images: String)
  case differentImages(model: String, images: String)
  case differentClasses(model: Int, images: Int)
  case differentClassNames(model: [String], images: [String])
  case otherClassNames(String, String)
  case otherLabels(String, String)
  case normalizationOfColours(String, channels: Int)
  case noTruth(FilePath)
  case attack(AttackError, in: FilePath)
  case noSuchAttacker(Int, count: Int, in: FilePath)
  case otherPerturbed(FilePath)
  case givenTwice(String, input: String)
  case missingWeights(String, in: FilePath)
  case emptySet(String, of: String)
  case missingInput(String, for: String)
  case otherScores(String, input: String, kind: String)
  case noColumn(String, in: FilePath)
  case noPoison(verdict: String)
  case noTap(String, architecture: String)
  case differentModels(String)
}

extension ArtifactError: CustomStringConvertible {
  var description: String {
    switch self {
    case .wrongShape(let name, let found, let path):
      "the dataset '\(name)' of \(path) has the shape \(found), which is not that of such data"
    case .unknownWord(let word, let attribute, let path):
      "the attribute '\(attribute)' of \(path) is '\(word)', which this version does not know"
    case .differentCounts(let first, let firstCount, let second, let secondCount):
      """
      the \(first) are for \(firstCount) images, the \(second) for \(secondCount): they come from \
      different sets; connect stages that start from the same images
      """
    case .otherTestSet(let triggered, let images):
      """
      the triggered images of '\(triggered)' were not made from the images of '\(images)', so that neither \
      the floor of the ASR nor the ACC would be theirs; connect the stage of kind 'trigger' and this one to \
      the same test images
      """
    case .differentImages(let model, let images):
      "the model was trained for images of \(model), these are \(images); load both alike"
    case .differentClasses(let model, let images):
      "the model knows \(model) classes, the images have \(images); load both alike"
    case .differentClassNames(let model, let images):
      zip(model, images).first { $0 != $1 }.map { model, images in
        "the model was trained for other classes: '\(model.printable)' where the images have '\(images.printable)'; "
          + "classes are in the order of their names"
      } ?? "the model was trained for \(model.count) classes, the images have \(images.count)"
    case .otherClassNames(let first, let second):
      "the classes of '\(first)' are not those of '\(second)': connect stages that start from the same images"
    case .otherLabels(let first, let second):
      "the labels of '\(first)' are not those of '\(second)': connect stages that start from the same images"
    case .normalizationOfColours(let name, let channels):
      """
      'normalization = \(name)' has constants for red, green and blue, and the images have \
      \(channels == 1 ? "one channel" : "\(channels) channels"); take 'normalization = measured', or load \
      them with 'channels = colour'
      """
    case .noTruth(let path):
      "\(path) has no /truth: connect the artifact of a stage of kind 'poison'"
    case .noSuchAttacker(let number, let count, let path):
      "there is no attacker \(number) of \(path), which "
        + (count == 1 ? "one has poisoned" : "\(count) have poisoned")
    case .otherPerturbed(let path):
      """
      the perturbed images \(path) were not made from these images; connect the stage of kind 'perturb' and \
      this one to the same set
      """
    case .givenTwice(let parameter, let input):
      "the input '\(input)' says what '\(parameter)' is; leave one of them out"
    case .attack(let error, let path):
      "\(path): \(error)"
    case .missingWeights(let name, let path):
      "the model \(path) has no weights '\(name)' of the expected shape"
    case .emptySet(let set, let purpose):
      "the set named \(set) is empty, so there is nothing to \(purpose)"
    case .noPoison(let verdict):
      """
      the verdict is '\(verdict)': it names no image poisoned, so that there is nothing to defend against; \
      'without-poison = pass' goes on without
      """
    case .missingInput(let input, let purpose):
      "\(purpose) needs the input '\(input)': connect a stage to it"
    case .noColumn(let name, let path):
      "\(path) has no '\(name)' for each image: scores of another kind of stage are needed here"
    case .otherScores(let scores, let input, let kind):
      "the input '\(input)' takes the scores of a stage of kind '\(kind)' alone, and these are '\(scores)'"
    case .noTap(let tap, let architecture):
      "a network of architecture '\(architecture)' has no part '\(tap)'; 'resnet18' has one"
    case .differentModels(let input):
      """
      the model at '\(input)' is of another architecture, width or stem than the one at 'model'; connect \
      models that were made from each other, or with the same settings
      """
    }
  }
}

extension ArtifactError: ErrorWithExitStatus {
  var exitStatus: ExitStatus { .data }
}
