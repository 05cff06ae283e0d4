/// The program's version: kept with every artifact, and asked of every checkpoint.
public let programVersion = "0.1.0"
