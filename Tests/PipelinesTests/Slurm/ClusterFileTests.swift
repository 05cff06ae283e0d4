import Pipelines
import Testing

/// The file that says what jobs ask for.
@Suite struct ClusterFileTests {
  private func settings(_ text: String) throws -> ClusterSettings {
    try ClusterFile.settings(from: text, at: "cluster", kinds: ["train", "contrast"])
  }

  private func problem(_ text: String) throws -> String {
    let error = #expect(throws: ClusterFileError.self) { try settings(text) }
    return try #require(error).description
  }

  @Test func whatAKindDoesNotSay() throws {
    let settings = try settings(
      """
      # For every job.
      partition = main   # the large one
      cpus      = 8
      memory    = 4 GB
      time      = 4:00:00
      option    = --nice
      setup     = module load hdf5

      kind contrast
          cpus   = 16
          memory = 512M
          option = --constraint=avx512
          option = --exclusive
      """)
    let train = settings.request(for: "train")
    #expect(train.partition == "main" && train.cpus == 8 && train.memory == 4 * 1_073_741_824)
    #expect(train.time == "4:00:00" && train.options == ["--nice"] && train.account == nil)
    let contrast = settings.request(for: "contrast")
    #expect(contrast.cpus == 16 && contrast.memory == 512 * 1_048_576 && contrast.partition == "main")
    #expect(contrast.options == ["--nice", "--constraint=avx512", "--exclusive"])
    #expect(contrast.setup == ["module load hdf5"])
  }

  /// Lines may end as on Windows, and a comment begins the line or stands behind white space.
  @Test func linesAndComments() throws {
    let settings = try settings("# my cluster\r\npartition = main\r\nsetup = export A=x#y # a comment\r\ncpus = 8\r\n")
    #expect(settings.all.partition == "main" && settings.all.cpus == 8)
    #expect(settings.all.setup == ["export A=x#y"])
    #expect(try problem("# mine\r\npartitio = main\r\n").contains("cluster:2"))
  }

  @Test func nothingIsAsked() throws {
    #expect(try settings("").request(for: "train") == ClusterSettings.Request())
    #expect(try settings("\n  # nothing\n") == ClusterSettings())
  }

  /// A line that is not indented is for all again.
  @Test func backToAll() throws {
    let settings = try settings("kind train\n  cpus = 3\ncpus = 2\n")
    #expect(settings.request(for: "train").cpus == 3 && settings.request(for: "contrast").cpus == 2)
    #expect(try problem("kind train\n  cpus = 3\ncpus = 2\n  time = 1\n").contains("cluster:4"))
  }

  @Test(arguments: [
    ("cpus = 8\ncpu = 4", "cluster:2: a job has no 'cpu'\n  did you mean 'cpus'?"),
    ("kind trian", "cluster:1: there is no kind of stage 'trian'\n  did you mean 'train'?"),
    ("cpus = many", "cluster:1: 'cpus' takes 1 to 1024, not 'many'"),
    ("cpus = 0", "cluster:1: 'cpus' takes 1 to 1024, not '0'"),
    ("cpus =", "cluster:1: 'cpus' has no value"),
    ("memory = 4", "cluster:1: 'memory' takes a size such as 800M or 4G, not '4'"),
    ("memory = 99999999999999999999T",
      "cluster:1: 'memory' takes a size such as 800M or 4G, not '99999999999999999999T'"),
    ("memory = -4G", "cluster:1: 'memory' takes a size such as 800M or 4G, not '-4G'"),
    ("  cpus = 2", "cluster:1: an indented line belongs to a kind, and there is none above it"),
    ("partition", "cluster:1: 'partition' is neither 'name = value' nor 'kind name'"),
    ("partition = a b", "cluster:1: 'partition' is one word, not 'a b'"),
    ("option = nice", "cluster:1: 'option' takes an option of sbatch such as --nice, not 'nice'"),
  ])
  func problems(text: String, expected: String) throws {
    #expect(try problem(text) == expected)
  }
}
