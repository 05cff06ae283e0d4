import Compute

/// Changes parameters by their gradients: one type, in one file, for each rule.
package protocol Optimizer: AnyObject {
  /// What is kept for each parameter between steps, by the names that artifacts use.
  var stateNames: [String] { get }
  /// Numbers that are kept between steps besides, by name; checkpoints hold them.
  var numbers: [String: Double] { get set }

  /// Takes one step with all parameters of a list.
  func step(_ list: UpdateList, rate: Double, pool: WorkerPool)
}

extension Optimizer {
  package var numbers: [String: Double] {
    get { [:] }
    set {}
  }

  /// Makes room for what is kept for some parameters, and forgets nothing that is there.
  package func prepare(_ parameters: [NetworkParameter]) -> UpdateList {
    for parameter in parameters { parameter.prepareState(stateNames) }
    return UpdateList(parameters)
  }

  /// Takes one step with some parameters. Steps that are taken again and again prepare a list.
  package func step(_ parameters: [NetworkParameter], rate: Double, pool: WorkerPool) {
    step(prepare(parameters), rate: rate, pool: pool)
  }
}

/// Parameters that are updated together, cut into pieces of nearly equal size for the threads.
package struct UpdateList {
  package let parameters: [NetworkParameter]
  /// Parts of parameters.
  private let pieces: [(parameter: Int, range: Range<Int>)]
  /// Pieces that one task takes.
  private let tasks: [Range<Int>]

  private static let numbersPerTask = 1 << 15

  init(_ parameters: [NetworkParameter]) {
    self.parameters = parameters
    var pieces: [(Int, Range<Int>)] = []
    var tasks: [Range<Int>] = []
    var (first, size) = (0, 0)
    for (index, parameter) in parameters.enumerated() {
      let blocks = Blocks(parameter.count, ofAtMost: Self.numbersPerTask)
      for block in 0..<blocks.blockCount {
        pieces.append((index, blocks[block]))
        size += blocks[block].count
        if size >= Self.numbersPerTask {
          tasks.append(first..<pieces.count)
          (first, size) = (pieces.count, 0)
        }
      }
    }
    if first < pieces.count { tasks.append(first..<pieces.count) }
    self.pieces = pieces
    self.tasks = tasks
  }

  /// Calls `body` for all pieces, in parallel.
  @inline(__always)
  func forEach(pool: WorkerPool, _ body: (_ index: Int, _ range: Range<Int>) -> Void) {
    pool.run(tasks.count) { task, _ in
      for piece in tasks[task] { body(pieces[piece].parameter, pieces[piece].range) }
    }
  }
}

/// What an optimiser does differently for one parameter.
package struct ParameterSettings: Hashable, Sendable {
  /// The rate is multiplied by it.
  package var rateFactor: Float
  /// Takes the place of the optimiser's.
  package var weightDecay: Float

  package init(rateFactor: Float = 1, weightDecay: Float) {
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}
