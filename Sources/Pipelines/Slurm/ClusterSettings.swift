/// What the jobs of a cluster ask for, by kind of stage: a `cluster` file that was read.
///
///     # What every job asks for.
///     partition = main
///     cpus      = 8
///     time      = 4:00:00
///
///     kind contrast
///         cpus   = 16
///         time   = 2-00:00:00
///         option = --constraint=avx512
///
/// A line is a thing; `#` begins a comment. What a kind does not say itself is as for all.
package struct ClusterSettings: Hashable, Sendable {
  /// What a job asks for.
  package struct Request: Hashable, Sendable {
    package var partition: String?
    package var account: String?
    /// CPUs of a job, which are the threads of its stage.
    package var cpus: Int?
    /// In bytes: at the least, where the stage's estimate is not more.
    package var memory: Double?
    /// As Slurm reads it: "30" minutes, "4:00:00", "2-00:00:00".
    package var time: String?
    /// How often a job that ended without a result is submitted again.
    package var retries: Int?
    /// How long a result is waited for when its job has left the queue, in seconds.
    package var patience: Int?
    /// Further options of `sbatch`, a line for each.
    package var options: [String] = []
    /// Lines of the shell before the stage's work: `module load`, say.
    package var setup: [String] = []

    package init() {}

    /// This one's values, and another's where it has none; lines of both.
    func filled(from other: Request) -> Request {
      var request = self
      request.partition = partition ?? other.partition
      request.account = account ?? other.account
      request.cpus = cpus ?? other.cpus
      request.memory = memory ?? other.memory
      request.time = time ?? other.time
      request.retries = retries ?? other.retries
      request.patience = patience ?? other.patience
      request.options = other.options + options
      request.setup = other.setup + setup
      return request
    }
  }

  package var all = Request()
  package var kinds: [String: Request] = [:]

  package init() {}

  package func request(for kind: String) -> Request { kinds[kind]?.filled(from: all) ?? all }
}
