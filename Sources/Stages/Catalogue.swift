import Pipelines

/// The kinds of stage that `winnow` knows, in the order in which it shows them.
public let catalogue = StageCatalogue([])
