import Pipelines
import Testing

/// `each`: which copies are made, which stages are shared, and what reads what.
@Suite struct SweepTests {
  static let manifest = """
    each attack = badnets blend
    let rate = 10%

    stage images : load
        path = data

    stage poisoned : poison
        images <- images
        attack = $attack
        rate   = $rate

    stage model : train
        images <- poisoned

    stage verdict : evaluate
        model <- model
        test  <- images

    stage rows : table
        evaluations <- verdict[*]
    """

  @Test func copiesWhatDependsOnTheVariable() throws {
    #expect(
      try Pipeline.loading(Self.manifest).outline == [
        "images load count=none path=data split=train",
        "poisoned[attack=badnets] poison attack=badnets rate=0.1 relabel=yes target=0 images<-images",
        "poisoned[attack=blend] poison attack=blend rate=0.1 relabel=yes target=0 images<-images",
        "model[attack=badnets] train epochs=2 learning-rate=0.1 milestones=none "
          + "images<-poisoned[attack=badnets]",
        "model[attack=blend] train epochs=2 learning-rate=0.1 milestones=none "
          + "images<-poisoned[attack=blend]",
        "verdict[attack=badnets] evaluate model<-model[attack=badnets] test<-images",
        "verdict[attack=blend] evaluate model<-model[attack=blend] test<-images",
        "rows table evaluations<-verdict[attack=badnets]+verdict[attack=blend]",
      ])
  }

  /// Names are for people; what a copy was made for is there as values.
  @Test func copiesKnowTheirChoices() throws {
    let stages = try Pipeline.loading(
      """
      each seed = 1 2
      each rate = 1% 0.5%
      stage images : load
        path = data
      stage poisoned : poison
        images <- images
        attack = sig
        rate = $rate
      stage model : train
        images <- poisoned
        epochs = $seed
      """).stages
    #expect(stages.map(\.baseName) == ["images", "poisoned", "poisoned", "model", "model", "model", "model"])
    #expect(stages[0].choices == [])
    #expect(stages[2].choices == [SweepChoice("rate", "0.5%")])
    #expect(stages[5].choices == [SweepChoice("seed", "2"), SweepChoice("rate", "1%")])
    #expect(stages[5].name == "model[seed=2,rate=1%]")
  }

  @Test func overrideNarrows() throws {
    let pipeline = try Pipeline.loading(Self.manifest, "attack=blend")
    #expect(
      pipeline.stages.map(\.name) == [
        "images", "poisoned[attack=blend]", "model[attack=blend]", "verdict[attack=blend]", "rows",
      ])
    let wider = try Pipeline.loading(Self.manifest, "attack=sig blend badnets")
    #expect(
      wider.stages.map(\.name).filter { $0.hasPrefix("model") }
        == ["model[attack=sig]", "model[attack=blend]", "model[attack=badnets]"])
  }

  @Test func twoSweepsGiveTheProduct() throws {
    let pipeline = try Pipeline.loading(
      """
      each epochs = 1 2
      each rate = 1% 5%
      let path = data
      stage images : load
        path = $path
      stage poisoned : poison
        images <- images
        attack = sig
        rate = $rate
      stage model : train
        images <- poisoned
        epochs = $epochs
      """)
    #expect(
      pipeline.stages.map(\.name) == [
        "images", "poisoned[rate=1%]", "poisoned[rate=5%]",
        "model[epochs=1,rate=1%]", "model[epochs=1,rate=5%]", "model[epochs=2,rate=1%]",
        "model[epochs=2,rate=5%]",
      ])
    #expect(pipeline.stages[5].inputs == ["images": [1]])
  }

  @Test func sweepsReachThroughVariables() throws {
    let pipeline = try Pipeline.loading(
      """
      each n = 1 2
      let epochs = ${n}0
      stage images : load
        path = data
      stage model : train
        images <- images
        epochs = $epochs
      """)
    #expect(pipeline.stages.dropFirst().map(\.name) == ["model[n=1]", "model[n=2]"])
    #expect(pipeline.stages.last?.parameters["epochs"] == .integer(20))
  }

  /// A stage that collects is itself copied for the sweeps that its other lines depend on, and then
  /// takes the copies that belong to it.
  @Test func collectingCopiesTakeTheirOwn() throws {
    let pipeline = try Pipeline.loading(
      """
      each a = 1 2
      each b = 1 2
      stage images : load
        path = data
      stage model : train
        images <- images
        epochs = $a$b
      stage verdict : evaluate
        model <- model
        test <- images
      stage filtered : load
        path = data
        count = $b
      stage judged : split
        images <- filtered
        model <- again
      stage again : train
        images <- filtered
      stage rows : table
        evaluations <- verdict[*] last
      stage last : evaluate
        model <- again
        test <- judged
      """)
    let rows = pipeline.outline.filter { $0.hasPrefix("rows") }
    #expect(
      rows == [
        "rows[b=1] table evaluations<-verdict[a=1,b=1]+verdict[a=2,b=1]+last[b=1]",
        "rows[b=2] table evaluations<-verdict[a=1,b=2]+verdict[a=2,b=2]+last[b=2]",
      ])
  }

  @Test func sweepsOfInputs() throws {
    let pipeline = try Pipeline.loading(
      """
      each source = images other
      stage images : load
        path = data
      stage other : load
        path = data
      stage model : train
        images <- $source
      """)
    #expect(
      pipeline.outline.suffix(2).map { $0.split(separator: " ").last } == [
        "images<-images", "images<-other",
      ])
  }

  @Test func collectingWhatHasNoCopies() throws {
    let pipeline = try Pipeline.loading(
      "stage a : load\n path = data\nstage b : train\n images <- a[*]\n")
    #expect(pipeline.stages[1].inputs == ["images": [0]])
  }
}
