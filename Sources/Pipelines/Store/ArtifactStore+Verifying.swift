import SystemPackage

/// A file under `artifacts/` that is not what it should be.
package struct StoreDamage: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// An artifact whose bytes have another hash than its name says.
    case artifact
    /// An artifact that a record leads to and that is not there. `path` is where it should be.
    case missingArtifact
    case record
    case checkpoint
  }

  package let kind: Kind
  package let path: FilePath
}

/// What `verify` looked at and found.
package struct VerifyReport: Sendable {
  package var artifacts = 0
  package var records = 0
  package var checkpoints = 0
  /// Records in the format of another version of the program: their artifacts will be rebuilt.
  package var outdated = 0
  package var bytes: Int64 = 0
  package var damage: [StoreDamage] = []
}

extension ArtifactStore {
  /// Reads everything again, past the cache, and corrects the cache: what is found damaged here is known
  /// to be so by `status` and `run`, which rebuild it.
  ///
  /// - Throws: `PipelineError` when something cannot be read.
  package func verify() throws -> VerifyReport {
    var report = VerifyReport()
    for (path, name) in try storedFiles() where name.extension == "h5" {
      let (digest, size) = try cache.reread(path)
      report.artifacts += 1
      report.bytes += size
      if digest.text + ".h5" != name.string {
        report.damage.append(StoreDamage(kind: .artifact, path: path))
      }
    }
    for name in try files.sortedNames(in: recordsFolder) {
      guard let fingerprint = Digest(name.string) else { continue }
      report.records += 1
      switch try recordFile(fingerprint) {
      case nil, .damaged:
        report.damage.append(StoreDamage(kind: .record, path: recordsFolder.appending(name)))
      case .otherFormat:
        report.outdated += 1
      case .whole(let record):
        let path = path(of: record.fileHash)
        if try condition(of: path, hash: record.fileHash, size: record.size) == .missing {
          report.damage.append(StoreDamage(kind: .missingArtifact, path: path))
        }
      }
    }
    for fingerprint in try checkpointFingerprints() {
      report.checkpoints += 1
      let file = try checkpointRecordFile(fingerprint)
      if case .otherFormat? = file {
        report.outdated += 1
      } else if let record = file?.content, try isWhole(record) {
        continue
      } else {
        report.damage.append(StoreDamage(kind: .checkpoint, path: checkpointRecordPath(fingerprint)))
      }
    }
    try? cache.save()
    return report
  }
}
