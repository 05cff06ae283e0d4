/// What a stage will take, as far as it can be told, and where that is known from.
package struct StageForecast: Hashable, Sendable, Codable {
  /// Where the time is known from, the best source first.
  package enum Basis: Hashable, Sendable, Codable {
    /// Earlier runs of the same kind that counted the same: so many.
    case kind(runs: Int)
    /// Earlier runs of other kinds that counted the same.
    case unit(runs: Int)
    /// An earlier run of the same stage; nothing is counted, so the time is as it was.
    case sameStage
    /// Earlier runs of the same kind, whatever they worked on.
    case similar(runs: Int)
    /// Measured just now on this machine.
    case measured
    /// What another machine takes.
    case assumed
    case unknown
  }

  /// What is counted; `nil` for kinds that count nothing.
  package let unit: String?
  package let amount: Double?
  /// In seconds, with one thread.
  let singleSeconds: Double?
  let usesThreads: Bool
  /// In bytes.
  package let memory: Double?
  package let basis: Basis

  static let unknown = StageForecast(
    unit: nil, amount: nil, singleSeconds: nil, usesThreads: false, memory: nil, basis: .unknown)

  /// The time with so many threads; `nil` where it is not known.
  package func seconds(threads: Int) -> Double? {
    singleSeconds.map { usesThreads ? $0 * ThreadScaling.time(threads: threads) : $0 }
  }
}

extension StageForecast.Basis: CustomStringConvertible {
  package var description: String {
    switch self {
    case .kind(let runs): runs == 1 ? "1 earlier run" : "\(runs) earlier runs"
    case .unit(let runs):
      runs == 1 ? "1 earlier run of the same network" : "\(runs) earlier runs of the same network"
    case .sameStage: "its earlier run"
    case .similar(let runs):
      runs == 1 ? "1 earlier run of its kind, not scaled" : "\(runs) earlier runs of its kind, not scaled"
    case .measured: "measured just now"
    case .assumed: "assumed speed"
    case .unknown: "unknown"
    }
  }
}
