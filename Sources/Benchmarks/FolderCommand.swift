import ArgumentParser
import Compute
import Foundation
import Images
import SystemPackage

/// How fast a folder of pictures becomes an image set.
struct FolderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "folder",
    abstract: "Time reading a folder of pictures, alone or in alternation with torchvision.",
    discussion: """
      The folder has a folder for each class. It is listed, and every picture is decoded and kept as \
      bytes. With --against, torchvision's ImageFolder and Pillow do the same in turn, with a process \
      of PyTorch's data loader for each thread. One round beforehand fills the system's cache. Peak \
      memory is that of whole processes, all pixels in it.
      """)

  @Argument(help: "The folder.") var path: String
  @Option(help: ArgumentHelp("Bring all pictures to this height and width.", valueName: "pixels")) var side: Int?
  @Option(help: "Threads.") var threads = WorkerPool.defaultThreadCount
  @Option(help: "Rounds that are timed, after one to warm up.") var rounds = 5
  @Option(help: ArgumentHelp("Alternate with torchvision.", valueName: "python")) var against: String?

  func validate() throws {
    guard threads > 0, rounds > 0, side ?? 1 > 0 else {
      throw ValidationError("threads, rounds and side are at least 1")
    }
  }

  func run() throws {
    let options = ImageReadingOptions(
      size: side.map { ImageSize(height: $0, width: $0) }, channels: .colour)
    let pool = WorkerPool(threads: threads)
    let count = try read(options, pool)
    let peer = try against.map { python in
      try Peer(
        name: "torchvision", python: python, script: "pytorch_folder.py",
        arguments: [path, "--threads", "\(threads)"] + (side.map { ["--side", "\($0)"] } ?? []))
    }
    var (own, theirs) = ([Double](), [Double]())
    for _ in 0..<rounds {
      let start = Timing.wallSeconds
      _ = try read(options, pool)
      own.append(Timing.wallSeconds - start)
      if let peer { theirs.append(try peer.step()) }
    }
    print("\(count) pictures, \(threads) threads")
    print("  winnow".padded(18) + own.rates(of: count, "pictures"))
    if let peer {
      let ratios = zip(own, theirs).map { $1 / $0 }
      print(
        "  \(peer.name)".padded(18) + theirs.rates(of: count, "pictures")
          + String(
            format: "; winnow is %.2f times as fast (%.2f to %.2f)", ratios.median, ratios.quantile(0),
            ratios.quantile(1)))
    }
    if let peak = ResidentMemory.peak { print("  peak memory: \(peak / 1024) MiB") }
  }

  private func read(_ options: ImageReadingOptions, _ pool: WorkerPool) throws -> Int {
    try ImageFileList.locate(in: FilePath(path), split: .train).read(options, pool: pool).images.count
  }
}
