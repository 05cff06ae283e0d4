import Foundation
import Networks

var benchmark = StepBenchmark()
for argument in CommandLine.arguments.dropFirst() {
  let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
  switch (parts[0], parts.last.flatMap(Int.init)) {
  case ("width", let value?): benchmark.width = value
  case ("batch", let value?): benchmark.batch = value
  case ("threads", let value?): benchmark.threads = value
  case ("steps", let value?): benchmark.steps = value
  case ("infer", _): benchmark.trains = false
  case ("max-pool", _): benchmark.stem = .maxPooling
  default:
    FileHandle.standardError.write(
      Data("usage: Benchmarks [width=64] [batch=128] [threads=2] [steps=5] [infer] [max-pool]\n".utf8))
    exit(64)
  }
}
print(
  "width \(benchmark.width), \(benchmark.stem.rawValue), batch \(benchmark.batch), "
    + "\(benchmark.threads) threads, \(benchmark.trains ? "train" : "infer"): "
    + String(format: "%.1f images/s", benchmark.run()))
