import SystemPackage

extension ImageFileList {
  /// A list is read as a whole; a hundred million names take less.
  static let largestTable = 1 << 30
  /// Numbers as labels are classes from 0 on; there are no more classes than this.
  static let largestClassCount = 100_000

  /// The images that a table names: on each line a file and its label, separated by a comma, a tab or blanks.
  ///
  /// Files are relative to `folder` and lie in it. A first line with the word `file` (or `filename`, `path`,
  /// `image`) and the word `label` (or `class`, `category`, `target`) names the columns, and there may be
  /// others then. Fields may be in double quotes. Labels that are all whole numbers are the numbers of the
  /// classes; other labels are names of classes, which get their numbers in the order of the names.
  ///
  /// - Throws: `ImageReaderError` when the table cannot be read or understood.
  package static func table(
    _ table: FilePath, in folder: FilePath
  ) throws(ImageReaderError) -> ImageFileList {
    guard let real = FolderWalk.realPath(folder) else {
      throw ImageReaderError(folder, .folderMissing(siblings: nil))
    }
    let rows = try self.rows(of: table)
    let (classNames, labels) = try classes(of: rows, table: table)
    var files: [ImageFile] = []
    var leftOut: [ImageFileNote] = []
    for (place, (row, label)) in zip(rows, labels).enumerated() {
      let path = folder.pushing(FilePath(row.file))
      if row.file.utf8.count > FolderWalk.longestName {
        leftOut.append(ImageFileNote(row.file, .longName(limit: FolderWalk.longestName)))
      } else if FilePath(row.file).isAbsolute {
        leftOut.append(ImageFileNote(row.file, .outsideFolder))
      } else if let target = FolderWalk.realPath(path) {
        if target.starts(with: real) {
          files.append(ImageFile(name: row.file, path: path, label: label, place: place))
        } else {
          leftOut.append(ImageFileNote(row.file, .outsideFolder))
        }
      } else {
        leftOut.append(ImageFileNote(row.file, .unreadable(.noSuchFileOrDirectory)))
      }
    }
    guard !files.isEmpty else {
      throw ImageReaderError(
        table,
        .noImageFiles(
          classes: classNames, others: 0, leftOut: leftOut.count, example: leftOut.first.map { "\($0)" }))
    }
    return ImageFileList(
      folder: folder, origin: "list of images", classNames: classNames,
      files: files, leftOut: leftOut, otherCount: 0)
  }

  private struct Row {
    let file: String
    let label: String
    /// Counted from 1.
    let line: Int
  }

  private static func classes(
    of rows: [Row], table: FilePath
  ) throws(ImageReaderError) -> (names: [String], labels: [Int]) {
    let labels = rows.compactMap { Int($0.label) }.filter { $0 >= 0 }
    if labels.count == rows.count {
      if let place = labels.firstIndex(where: { $0 >= largestClassCount }) {
        throw ImageReaderError(
          table,
          .badLine(
            rows[place].line, "the label is \(labels[place]), more than the limit of \(largestClassCount)"))
      }
      return (ClassNames.numbers((labels.max() ?? 0) + 1), labels)
    }
    let names = Set(rows.map(\.label)).sorted { $0.isBefore($1) }
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return (names, rows.map { indices[$0.label] ?? 0 })
  }

  private static func rows(of table: FilePath) throws(ImageReaderError) -> [Row] {
    let file = try InputFile(table)
    guard file.size <= largestTable else {
      throw ImageReaderError(
        table, .badLine(1, "the file has \(file.size) bytes, more than the limit of \(largestTable)"))
    }
    var bytes = [UInt8](repeating: 0, count: file.size)
    let count = try file.read(into: &bytes)
    // Spreadsheets begin such files with a byte-order mark, which is no part of the first field.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.prefix(count).dropFirst(bytes.starts(with: mark) ? mark.count : 0)
    guard let text = String(validating: content, as: UTF8.self) else {
      throw ImageReaderError(table, .badLine(1, "the file is not UTF-8"))
    }
    var rows: [Row] = []
    var columns = (file: 0, label: 1)
    var columnCount: Int?
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let number = index + 1
      if line.allSatisfy(\.isWhitespace) { continue }
      guard let fields = fields(of: line) else {
        throw ImageReaderError(table, .badLine(number, "a quotation mark is not closed"))
      }
      if columnCount == nil {
        columnCount = fields.count
        let words = fields.map { $0.lowercased() }
        if let file = words.firstIndex(where: ["file", "filename", "path", "image"].contains),
          let label = words.firstIndex(where: ["label", "class", "category", "target"].contains)
        {
          columns = (file, label)
          continue
        }
        guard fields.count == 2 else {
          throw ImageReaderError(
            table, .badLine(number, "\(fields.count) fields, where a file and a label are expected"))
        }
      }
      guard fields.count == columnCount else {
        throw ImageReaderError(
          table, .badLine(number, "\(fields.count) fields, where there are \(columnCount ?? 2) on the first line"))
      }
      let (name, label) = (fields[columns.file], fields[columns.label])
      guard !name.isEmpty, !label.isEmpty, !name.utf8.contains(0), !label.utf8.contains(0) else {
        throw ImageReaderError(table, .badLine(number, "the file or the label is empty"))
      }
      rows.append(Row(file: name, label: label, line: number))
    }
    guard !rows.isEmpty else { throw ImageReaderError(table, .noImages) }
    return rows
  }

  /// The fields of a line; `nil` for a quotation mark without its counterpart.
  private static func fields(of line: Substring) -> [String]? {
    let separator: Character? = line.contains(",") ? "," : line.contains("\t") ? "\t" : nil
    guard let separator else {
      // The label is what follows the last blank.
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count > 1, let label = words.last else { return [String(line.trimmed)] }
      return [String(line[..<label.startIndex].trimmed), String(label)]
    }
    var fields: [String] = []
    var rest = line
    while true {
      rest = rest.trimmedAtStart
      if rest.first == "\"" {
        var field = ""
        rest.removeFirst()
        while true {
          guard let end = rest.firstIndex(of: "\"") else { return nil }
          field += rest[..<end]
          rest = rest[rest.index(after: end)...]
          guard rest.first == "\"" else { break }
          field += "\""
          rest.removeFirst()
        }
        fields.append(field)
        rest = rest.trimmedAtStart
        guard let next = rest.first else { return fields }
        guard next == separator else { return nil }
        rest.removeFirst()
      } else if let end = rest.firstIndex(of: separator) {
        fields.append(String(rest[..<end].trimmed))
        rest = rest[rest.index(after: end)...]
      } else {
        return fields + [String(rest.trimmed)]
      }
    }
  }
}

extension Substring {
  fileprivate var trimmedAtStart: Substring { drop { $0 == " " } }

  fileprivate var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
