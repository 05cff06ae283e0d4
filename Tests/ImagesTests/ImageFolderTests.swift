import Foundation
import Glibc
import Images
import SystemPackage
import TestSupport
import Testing

@Suite("Folders of pictures")
struct ImageFolderTests {
  private static let png = pngFile([5], height: 1, width: 1, channels: 1)

  private func folder(_ names: [String], _ body: (FilePath) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in names { try write(Self.png, to: name, in: folder) }
      try body(folder)
    }
  }

  /// The description of what goes wrong, with the folder's path taken out.
  private func message(_ folder: FilePath, _ split: ImageSetSplit = .train) -> String {
    readerError { try ImageFileList.locate(in: folder, split: split) }?
      .description.replacing(folder.string, with: "FOLDER") ?? "no error"
  }

  /// What torchvision 0.29 gives for these names; hidden files, which it takes, are not among them.
  @Test("classes and images in the order of torchvision's ImageFolder")
  func order() throws {
    try folder([
      "b/2.png", "b/10.png", "b/x/1.JPG", "b/x-y/1.png", "b/X/3.webp", "B/1.png", "a b/1.jpeg", "é/1.png",
      "z/deep/er/1.png", "z/deep-er/1.png", "b/notes.txt", "z/~.png", "z/.hidden.png", ".git/1.png",
      "__MACOSX/z/1.png",
    ]) { folder in
      let list = try ImageFileList.locate(in: folder, split: .train)
      #expect(list.classNames == ["B", "a b", "b", "z", "é"])
      #expect(
        list.files.map(\.name) == [
          "B/1.png", "a b/1.jpeg", "b/10.png", "b/2.png", "b/X/3.webp", "b/x/1.JPG", "b/x-y/1.png", "z/~.png",
          "z/deep-er/1.png", "z/deep/er/1.png", "é/1.png",
        ])
      #expect(list.files.map(\.label) == [0, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4])
      #expect(list.otherCount == 1 && list.leftOut.isEmpty)
      let images = try list.read(.init(), pool: .shared).images
      #expect(images.names == list.files.map(\.name) && images.labels == list.files.map(\.label))
      #expect(images.classNames == list.classNames && images.origin == "folder of images")
    }
  }

  @Test("parts of a set are folders of their names", arguments: ["val", "valid", "validation"])
  func parts(validation: String) throws {
    try folder(["train/a/1.png", "train/b/1.png", "\(validation)/a/2.png", "test/b/3.png"]) { folder in
      let names = try ImageSetSplit.allCases.map {
        try ImageFileList.locate(in: folder, split: $0).files.map(\.name)
      }
      #expect(names == [["train/a/1.png", "train/b/1.png"], ["\(validation)/a/2.png"], ["test/b/3.png"]])
      #expect(try ImageFileList.locate(in: folder, split: .test).origin == "folder of images, test set")
    }
  }

  @Test("a class may be called train")
  func classNamedTrain() throws {
    try folder(["train/1.png", "plane/1.png"]) { folder in
      let list = try ImageFileList.locate(in: folder, split: .train)
      #expect(list.classNames == ["plane", "train"])
    }
    // Of folders alone it is the training set, unless it stands beside classes.
    for beside in ["val/a/1.png", "annotations/notes.txt", "masks/a/1.png"] {
      try folder(["train/a/1.png", beside]) { folder in
        let list = try ImageFileList.locate(in: folder, split: .train)
        #expect(list.classNames == ["a"], "\(beside)")
      }
    }
    try folder(["train/steam/1.png", "plane/1.png"]) { folder in
      let list = try ImageFileList.locate(in: folder, split: .train)
      #expect(list.classNames == ["plane", "train"])
    }
  }

  /// What a link leads to is not watched: changes there would go unnoticed.
  @Test("a part that is a link to a folder is no part")
  func linkedPart() throws {
    try folder(["a/1.png", "b/1.png"]) { folder in
      try withTemporaryFolder { other in
        for name in ["train", "val"] {
          try FileManager.default.createSymbolicLink(
            atPath: other.appending(name).string, withDestinationPath: folder.string)
        }
        #expect(readerError { try ImageFileList.locate(in: other, split: .train) }?.message.contains(
          "train: a link to a folder, which is not followed") == true)
      }
    }
  }

  @Test("a class whose name is not UTF-8")
  func oddClassName() throws {
    try folder(["a/1.png"]) { folder in
      let name = Array(folder.string.utf8CString.dropLast()) + [0x2F, 0x63, -23]
      #expect(mkdir(name + [0], 0o700) == 0)
      let descriptor = Glibc.open(name + Array("/1.png".utf8CString), O_CREAT | O_WRONLY, 0o600)
      try FileDescriptor(rawValue: descriptor).closeAfter {
        _ = try FileDescriptor(rawValue: descriptor).writeAll(Self.png)
      }
      let reading = try ImageFileList.locate(in: folder, split: .train).read(.init(), pool: .shared)
      #expect(reading.images.classNames == ["a", "c\u{FFFD}"] && reading.images.labels == [0, 1])
      #expect(reading.leftOut.isEmpty)
    }
  }

  @Test("what is missing is said")
  func missing() throws {
    let hint = "\n  hint: images lie in a folder for each class: cat/1.jpg, dog/2.png"
    try withTemporaryFolder { folder in
      #expect(message(folder) == "FOLDER: there are no PNG, JPEG or WebP files in folders of classes" + hint)
    }
    try folder(["1.png", "2.png"]) { folder in
      #expect(
        message(folder)
          == "FOLDER: no image can be read: 2 files were left out, such as 1.png: it is in no folder of a class")
    }
    try folder(["a/notes.txt", "b/1.gif"]) { folder in
      #expect(
        message(folder) == "FOLDER: there are no PNG, JPEG or WebP files in folders of classes\n"
          + "  hint: it has the folders a, b, and 2 files with other endings in them")
    }
    try folder(["train/a/1.png", "val/a/1.png"]) { folder in
      #expect(message(folder, .test) == "FOLDER: there is no test set in it\n  hint: the folder has train, val")
    }
    try folder(["a/1.png"]) { folder in
      #expect(
        message(folder, .validation)
          == "FOLDER: there is no validation set in it: the folder has no folders for the parts of a set\n"
          + "  hint: 'split = train' takes the whole folder; parts are folders train, val and test in it")
      let file = folder.appending("a/1.png")
      #expect(
        readerError { try ImageFileList.locate(in: file, split: .train) }?.message
          == "this is a file, not a folder")
    }
    try folder(["a/1.png", "a/2.png"]) { folder in
      for name in ["a/1.png", "a/2.png"] { try write(Array("no image".utf8), to: name, in: folder) }
      let error = readerError {
        try ImageFileList.locate(in: folder, split: .train).read(.init(), pool: .shared)
      }
      #expect(
        error?.message
          == "no image can be read: 2 files were left out, such as a/1.png: it is no PNG, JPEG or WebP")
    }
  }

  @Test("links, pipes and names of every kind")
  func hostileFolders() throws {
    try folder(["a/1.png", "a/new\nline.png", "a/\u{1B}[31m.png", "b/2.png"]) { folder in
      try withTemporaryFolder { other in
        try write(Self.png, to: "secret.png", in: other)
        func link(_ name: String, to target: String) throws {
          try FileManager.default.createSymbolicLink(
            atPath: folder.appending("a").appending(name).string, withDestinationPath: target)
        }
        try link("again.png", to: "1.png")
        try link("out.png", to: other.appending("secret.png").string)
        try link("nowhere.png", to: "nothing")
        try link("itself.png", to: "itself.png")
        try link("up", to: "..")
        try link("root", to: "/")
        try link("endless.png", to: "/dev/zero")
        #expect(folder.appending("a/pipe.png").withPlatformString { mkfifo($0, 0o600) } == 0)
        // A name that is not UTF-8.
        let odd = folder.appending("b").string + "/\u{FFFD}"
        let path = Array(folder.appending("b").string.utf8CString.dropLast()) + [0x2F, -1, -2]
          + Array(".png".utf8CString)
        try odd.withCString { _ in
          let descriptor = Glibc.open(path, O_CREAT | O_WRONLY, 0o600)
          #expect(descriptor >= 0)
          try FileDescriptor(rawValue: descriptor).closeAfter {
            _ = try FileDescriptor(rawValue: descriptor).writeAll(Self.png)
          }
        }
        let reading = try ImageFileList.locate(in: folder, split: .train).read(.init(), pool: .shared)
        #expect(
          reading.images.names == [
            "a/\u{1B}[31m.png", "a/1.png", "a/again.png", "a/new\nline.png", "b/2.png", "b/\u{FFFD}\u{FFFD}.png",
          ])
        #expect(
          reading.leftOut.map(\.description) == [
            "a/endless.png: it is not a regular file", "a/itself.png: a link that leads nowhere",
            "a/nowhere.png: a link that leads nowhere", "a/out.png: it leads out of the folder",
            "a/pipe.png: it is not a regular file", "a/root: a link to a folder, which is not followed",
            "a/up: a link to a folder, which is not followed",
          ])
      }
    }
    #expect("new\nline \u{1B}[31m\u{202E}".printable == "new\\nline \\u{1B}[31m\\u{202E}")
  }

  /// What the system does not give now may be there later: a set without it would be another one.
  @Test("a file that is gone is an error")
  func notGiven() throws {
    try folder(["a/1.png", "a/2.png", "b/1.png"]) { folder in
      let list = try ImageFileList.locate(in: folder, split: .train)
      try FileManager.default.removeItem(atPath: folder.appending("a/2.png").string)
      let error = readerError { try list.read(.init(), pool: .shared) }
      #expect(error?.file == folder.appending("a/2.png") && error?.reason == .system(.noSuchFileOrDirectory))
    }
  }

  /// torchvision's `ImageFolder` counts whatever has the ending of an image.
  @Test("what cannot be read leaves its place free")
  func places() throws {
    try folder(["a/1.png", "a/2.png", "b/1.png", "b/c/1.png", "b/c/3.png"]) { folder in
      try write(Array("BM".utf8), to: "a/0.bmp", in: folder)
      try write(Array("no image".utf8), to: "b/0.png", in: folder)
      try write(Array("notes".utf8), to: "b/0.txt", in: folder)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending("b/c/2.png").string, withDestinationPath: "nowhere")
      let reading = try ImageFileList.locate(in: folder, split: .train).read(.init(), pool: .shared)
      #expect(reading.images.names == ["a/1.png", "a/2.png", "b/1.png", "b/c/1.png", "b/c/3.png"])
      // 0: a/0.bmp, 3: b/0.png, 6: b/c/2.png.
      #expect(reading.images.places == [1, 2, 4, 5, 7])
      #expect(reading.leftOut.map(\.name) == ["b/c/2.png", "a/0.bmp", "b/0.png"])
    }
  }

  @Test("a subset has the same share of each class, chosen before anything is read")
  func subset() throws {
    try folder((0..<12).map { "\($0 % 3 == 0 ? "a" : "b")/\($0).png" }) { folder in
      let list = try ImageFileList.locate(in: folder, split: .train)
      let few = try list.stratifiedSubset(count: 6, seed: nil)
      #expect(few.files.map(\.name) == ["a/0.png", "a/3.png", "b/1.png", "b/10.png", "b/11.png", "b/2.png"])
      #expect(few.files.map(\.place) == [0, 1, 4, 5, 6, 7])
      let second = list.ofClasses([1])
      #expect(second.classNames == ["b"] && second.files.allSatisfy { $0.label == 0 })
      #expect(second.files.map(\.place) == Array(4..<12))
      #expect(throws: ImageSetError.subsetCount(13, available: 12)) {
        try list.stratifiedSubset(count: 13, seed: nil)
      }
    }
  }
}

@Suite("Lists of pictures")
struct ImageTableTests {
  private func table(_ text: String, _ body: (ImageFileList) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in ["a/1.png", "a/2.png", "b, c/3.png", "4.png"] {
        try write(pngFile([5], height: 1, width: 1, channels: 1), to: name, in: folder)
      }
      try write(Array(text.utf8), to: "list.csv", in: folder)
      try body(ImageFileList.table(folder.appending("list.csv"), in: folder))
    }
  }

  private func message(_ text: String) -> String? {
    readerError { try table(text) { _ in } }?.message
  }

  @Test("a file and a label on each line, in the order of the list")
  func plain() throws {
    for text in [
      "4.png,dog\na/2.png,cat\na/1.png,dog\n", "4.png\tdog\r\na/2.png\tcat\r\na/1.png\tdog",
      "\n4.png dog\n  a/2.png   cat\n\na/1.png dog", "file,label\n4.png,dog\n\"a/2.png\", \"cat\"\na/1.png,dog",
      "id,class,path\n1,dog,4.png\n2,cat,a/2.png\n3,dog,a/1.png",
      // As spreadsheets write them.
      "\u{FEFF}file,label\r\n4.png,dog\r\na/2.png,cat\r\na/1.png,dog", "\u{FEFF}4.png,dog\na/2.png,cat\na/1.png,dog",
    ] {
      try table(text) { list in
        #expect(list.files.map(\.name) == ["4.png", "a/2.png", "a/1.png"], "\(text)")
        #expect(list.classNames == ["cat", "dog"] && list.files.map(\.label) == [1, 0, 1], "\(text)")
        let images = try list.read(.init(), pool: .shared).images
        #expect(images.labels == [1, 0, 1])
      }
    }
  }

  @Test("numbers are the numbers of the classes; quotation marks protect")
  func numbers() throws {
    try table("\"b, c/3.png\",3\na/1.png,0") { list in
      #expect(list.files.map(\.name) == ["b, c/3.png", "a/1.png"])
      #expect(list.classNames == ["0", "1", "2", "3"] && list.files.map(\.label) == [3, 0])
    }
  }

  @Test("what leads out of the folder, or nowhere, is left out")
  func outside() throws {
    try table("/etc/passwd,a\n../list.csv,a\na/../../x.png,a\na/9.png,b\na/1.png,b") { list in
      #expect(list.files.map(\.name) == ["a/1.png"] && list.classNames == ["a", "b"])
      #expect(
        list.leftOut.map(\.description) == [
          "/etc/passwd: it leads out of the folder", "../list.csv: No such file or directory",
          "a/../../x.png: No such file or directory", "a/9.png: No such file or directory",
        ])
    }
  }

  @Test("lines that cannot be understood are named")
  func wrongLines() {
    #expect(message("") == "there are no images in it")
    #expect(message("a/1.png") == "line 1: 1 fields, where a file and a label are expected")
    #expect(message("a/1.png,a\na/2.png,a,b") == "line 2: 3 fields, where there are 2 on the first line")
    #expect(message("a/1.png,a\n\"a/2.png,a") == "line 2: a quotation mark is not closed")
    #expect(message("a/1.png,a\n,a") == "line 2: the file or the label is empty")
    #expect(message("a/1.png,123456789") == "line 1: the label is 123456789, more than the limit of 100000")
    #expect(
      message("x.png,a")
        == "no image can be read: 1 files were left out, such as x.png: No such file or directory")
  }
}
