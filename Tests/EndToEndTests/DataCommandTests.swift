import Crypto
import Datasets
import Foundation
import LoopbackServer
import PseudoTerminal
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `data list`, `fetch` and `verify`, as a user runs them.
@Suite(.serialized) struct DataCommandTests {
  private func expectFailure(
    _ arguments: [String], in folder: String, environment: [String: String] = [:], code: Int32,
    _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let outcome = try await Program.run(arguments, in: folder, environment: environment)
    #expect(
      outcome.code == code && outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
    let lines = outcome.error.split(separator: "\n")
    if code != 64 { #expect(lines.count == 1, "\(outcome.error)", sourceLocation: sourceLocation) }
    for word in words {
      #expect(outcome.error.contains(word), "\(outcome.error)", sourceLocation: sourceLocation)
    }
  }

  /// A whole set of one training and one test image.
  private func writeMNIST(_ root: String) throws -> String {
    let folder = "\(root)/mnist"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (split, label) in [("train", 3), ("t10k", 8)] as [(String, UInt8)] {
      try put(
        [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28] + Array(repeating: 7, count: 784),
        at: "\(folder)/\(split)-images-idx3-ubyte")
      try put([0, 0, 8, 1, 0, 0, 0, 1, label], at: "\(folder)/\(split)-labels-idx1-ubyte")
    }
    return folder
  }

  private struct Verified: Decodable {
    struct Split: Decodable {
      var images, leastLabel, greatestLabel: Int
      var perClass: [Int]
    }
    struct File: Decodable {
      var path: String
      var isAsPublished: Bool
    }
    var set, folder: String
    var shape: [Int]
    var train, test: Split
    var files: [File]
    var isAsPublished: Bool
  }

  private func verified(_ output: String) throws -> [Verified] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([Verified].self, from: Data(output.utf8))
  }

  // MARK: Verify

  @Test func verifies() async throws {
    try await withAsyncScratchFolder { root in
      let folder = try writeMNIST(root)
      let environment = ["RESNET_TUI_DATA": root]
      let text = try await Program.run(["data", "verify"], in: root, environment: environment)
      #expect(text.code == 0 && text.error.isEmpty)
      #expect(
        text.output.hasPrefix(
          "mnist: 2 images read, 1 + 1 of 1×28×28, labels 3 to 8, "
            + "differs from the published file: \(folder)\n"))
      #expect(text.output.contains("t10k-labels-idx1-ubyte   differs from the published file\n"))
      #expect(text.output.contains("    3  3          1     0\n"))
      let json = try await Program.run(
        ["data", "verify", "mnist", "--json"], in: root, environment: environment)
      let set = try #require(try verified(json.output).first)
      #expect(set.set == "mnist" && set.folder == folder && set.shape == [1, 28, 28])
      #expect(set.train.images == 1 && set.train.perClass == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
      #expect(set.test.leastLabel == 8 && set.test.greatestLabel == 8)
      #expect(set.files.count == 4 && !set.isAsPublished && !set.files[0].isAsPublished)
    }
  }

  @Test func damageIs65() async throws {
    try await withAsyncScratchFolder { root in
      let folder = try writeMNIST(root)
      let environment = ["RESNET_TUI_DATA": root]
      let labels = "\(folder)/t10k-labels-idx1-ubyte"
      for (bytes, word) in [
        ([0, 0, 8, 1, 0, 0, 0, 1, 10], "label 10 of image 0"),
        ([0, 0, 8, 1, 0, 0, 0, 1], "truncated"),
        ([0, 0, 8, 1, 0, 0, 0, 2, 1, 2], "2 labels for the 1 images"), ([7], "not an IDX file"),
      ] as [([UInt8], String)] {
        try put(bytes, at: labels)
        try await expectFailure(
          ["data", "verify"], in: root, environment: environment, code: 65, labels, word)
      }
      try FileManager.default.removeItem(atPath: labels)
      try await expectFailure(
        ["data", "verify"], in: root, environment: environment, code: 65,
        "lacks t10k-labels-idx1-ubyte", "data fetch mnist")
      // Where another set is whole, its report is printed too.
      try FileManager.default.createDirectory(
        atPath: "\(root)/cifar10", withIntermediateDirectories: true)
      for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
        try put([UInt8](repeating: 4, count: 2 * 3073), at: "\(root)/cifar10/\(name)")
      }
      let both = try await Program.run(
        ["data", "verify", "--json"], in: root, environment: environment)
      #expect(both.code == 65 && both.error.split(separator: "\n").count == 1)
      let sets = try verified(both.output)
      #expect(sets.map(\.set) == ["cifar10"] && sets[0].shape == [3, 32, 32])
      #expect(sets[0].train.images == 10 && sets[0].test.perClass[4] == 2)
    }
  }

  @Test func nothingToVerify() async throws {
    let none = try await Program.run(["data", "verify"], in: "/")
    #expect(none.code == 0 && none.output.contains("no data set found"))
    try await expectFailure(["data", "verify", "mnist"], in: "/", code: 65, "data fetch mnist")
    for (set, word) in [("procedural", "drawn from a seed"), ("imagenet", "cifar10")] {
      try await expectFailure(["data", "verify", set], in: "/", code: 64, set, word)
    }
  }

  /// The sets at hand, as published or packed again.
  @Test func verifiesWhatIsAtHand() async throws {
    guard let data = Self.data else { return print("skipped: no Fashion-MNIST found") }
    let outcome = try await Program.run(
      ["data", "verify", "fashion-mnist", "--json"], in: "/",
      environment: ["RESNET_TUI_DATA": data])
    let set = try #require(try verified(outcome.output).first)
    #expect(outcome.code == 0 && set.isAsPublished && set.files.count == 4)
    #expect(set.train.images == 60_000 && set.train.perClass.allSatisfy { $0 == 6000 })
    #expect(set.test.images == 10_000 && set.test.perClass.allSatisfy { $0 == 1000 })
  }

  // MARK: Fetch

  @Test(arguments: [
    ["data", "fetch"], ["data", "fetch", "procedural"], ["data", "fetch", "imagenet"],
    ["data", "fetch", "mnist", "cifar10", "--mirror", "http://127.0.0.1/"],
    ["data", "fetch", "mnist", "--mirror", "file:///tmp/"],
    ["data", "fetch", "mnist", "--mirror", "127.0.0.1"],
    ["data", "fetch", "mnist", "--mirror", "http://"],
  ])
  func badUsageIs64(arguments: [String]) async throws {
    try await expectFailure(arguments, in: "/", code: 64)
  }

  @Test func wrongBytesAreThrownAway() async throws {
    try await withAsyncScratchFolder { root in
      let size = try #require(DatasetName.mnist.publication?.files[0].size)
      let server = try LoopbackServer {
        $1.serve([UInt8](repeating: 1, count: size), for: $0)
      }
      try await expectFailure(
        ["data", "fetch", "mnist", "--to", "data", "--mirror", server.url], in: root, code: 1,
        "train-images-idx3-ubyte.gz", "SHA-256")
      #expect(server.stop() == [size])
      #expect(try names(in: "\(root)/data/mnist") == [])
    }
  }

  /// A server whose file has no end, and one that has none of them.
  @Test func otherServersAreRefused() async throws {
    try await withAsyncScratchFolder { root in
      let endless = try LoopbackServer {
        $1.header("HTTP/1.0 200 OK")
        while $1.body([UInt8](repeating: $0.index == 0 ? 1 : 2, count: 1 << 16)) {}
      }
      try await expectFailure(
        ["data", "fetch", "fashion-mnist", "--to", ".", "--mirror", endless.url], in: root,
        code: 1, "more came than the 26421880 bytes")
      endless.stop()
      let empty = try LoopbackServer { $1.status("404 Not Found") }
      try await expectFailure(
        ["data", "fetch", "cifar10", "--to", ".", "--mirror", empty.url], in: root, code: 1,
        "cifar-10-binary.tar.gz", "404")
      #expect(empty.stop().count == 1)
      #expect(try names(in: "\(root)/fashion-mnist") == [] && names(in: "\(root)/cifar10") == [])
    }
  }

  @Test func placesThatCannotBeWritten() async throws {
    try await withAsyncScratchFolder { root in
      try put([1], at: "\(root)/file")
      try await expectFailure(
        ["data", "fetch", "mnist", "--to", "file", "--mirror", "http://127.0.0.1:9/"], in: root,
        code: 1, "file/mnist: cannot create the folder")
      try await expectFailure(
        ["data", "fetch", "mnist", "--mirror", "http://127.0.0.1:9/"], in: root, code: 65,
        "RESNET_TUI_DATA", "--to")
    }
  }

  /// A file that outgrows what the system allows, as a full disk would.
  @Test func aFullDiskIsAFailure() async throws {
    try await withAsyncScratchFolder { root in
      let size = try #require(DatasetName.mnist.publication?.files[0].size)
      let server = try LoopbackServer { $1.serve([UInt8](repeating: 1, count: size), for: $0) }
      let code = try await Program.shell(
        "ulimit -f 100; \"$0\" data fetch mnist --to . --mirror \(server.url) 2> error", in: root)
      server.stop()
      let error = String(decoding: try bytes(of: "\(root)/error"), as: UTF8.self)
      #expect(code == 1 && error.contains("cannot write: File too large"), "\(error)")
      #expect(error.split(separator: "\n").count == 1)
      #expect(try names(in: "\(root)/mnist") == ["train-images-idx3-ubyte.gz.partial"])
      #expect(try bytes(of: "\(root)/mnist/train-images-idx3-ubyte.gz.partial").count <= 100 << 10)
    }
  }

  /// Ctrl-C and SIGTERM end it at once, with curl; what has come stays.
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func signalsEndIt(signal: Int32, code: Int32) async throws {
    try await withAsyncScratchFolder { root in
      let (halves, continuation) = AsyncStream.makeStream(of: Void.self)
      let size = try #require(DatasetName.mnist.publication?.files[0].size)
      let content = [UInt8](repeating: 1, count: size)
      let server = try LoopbackServer {
        $1.serve(content, for: $0, upTo: 1 << 20)
        continuation.yield()
        // Comes back when curl has gone.
        $1.waitForClient()
      }
      let result = try await Subprocess.run(
        .path(FilePath(Program.path)),
        arguments: ["data", "fetch", "mnist", "--to", ".", "--mirror", server.url],
        environment: .custom([:]), workingDirectory: FilePath(root), input: .none,
        output: .discarded, error: .string(limit: 1 << 20)
      ) { execution in
        for await _ in halves { break }
        let partial = "\(root)/mnist/train-images-idx3-ubyte.gz.partial"
        let deadline = ContinuousClock.now + .seconds(60)
        while (try? bytes(of: partial).count) != 1 << 20, ContinuousClock.now < deadline {
          await Task.yield()
        }
        try execution.send(signal: Signal(rawValue: signal))
      }
      #expect(result.terminationStatus == .exited(code))
      #expect(result.standardError.contains("what has come is kept"))
      server.stop()
      #expect(
        try bytes(of: "\(root)/mnist/train-images-idx3-ubyte.gz.partial")
          == Array(content[..<(1 << 20)]))
    }
  }

  /// On a terminal a bar is drawn in place, and gone at the end.
  @Test func aTerminalGetsABar() throws {
    try withScratchFolder { root in
      let size = try #require(DatasetName.mnist.publication?.files[0].size)
      let content = [UInt8](repeating: 1, count: size)
      let server = try LoopbackServer {
        $1.serve(content, for: $0, upTo: 1 << 20)
        $1.waitForClient()
      }
      let terminal = try PseudoTerminal(
        Program.path, ["data", "fetch", "mnist", "--to", ".", "--mirror", server.url],
        environment: ["TERM": "xterm-256color"], folder: root, width: 100, height: 10)
      try terminal.wait(forText: "train-images-idx3-ubyte.gz  1.05 MB of 9.91 MB")
      // Its width is what the words leave, which the time may be one of.
      #expect(terminal.screen.rows[0].hasPrefix("[=="))
      terminal.type("\u{3}")
      #expect(try terminal.waitForExit() == 130)
      server.stop()
    }
  }

  private static var data: String? {
    let location = DatasetLocation(environment: ProcessInfo.processInfo.environment)
    guard case .found(let folder) = location.status(of: .fashionMNIST) else { return nil }
    return URL(fileURLWithPath: folder).deletingLastPathComponent().path
  }

  /// Seconds since 1970 in the headers of the publisher's files, by their order.
  private static let packed: [UInt32] = [
    1_504_176_606, 1_504_176_606, 1_504_176_627, 1_504_176_627,
  ]

  /// The publisher's own four files, packed again as they were: by `gzip`, with name and time. Then the
  /// server drops the largest in its midst; the fetch goes on, and every image can be read.
  @Test func fetchesFashionMNIST() async throws {
    guard let data = Self.data else { return print("skipped: no Fashion-MNIST found") }
    let publication = try #require(DatasetName.fashionMNIST.publication)
    var files: [String: [UInt8]] = [:]
    for (file, time) in zip(publication.files, Self.packed) {
      let name = file.contents[0].name
      let plain = try await Subprocess.run(
        .name("gzip"), arguments: ["-dcf", "\(data)/fashion-mnist/\(name).gz"],
        output: .bytes(limit: 1 << 26))
      let again = try await Subprocess.run(
        .name("gzip"), arguments: ["-6n"], input: .array(plain.standardOutput),
        output: .bytes(limit: 1 << 26))
      let bytes = again.standardOutput
      // RFC 1952: the flag of a name, the time, and the name after the ten bytes of the header.
      files[file.name] =
        [0x1F, 0x8B, 8, 8] + withUnsafeBytes(of: time.littleEndian, Array.init) + bytes[8..<10]
        + Array(name.utf8) + [0] + bytes[10...]
    }
    let isAsPacked = publication.files.allSatisfy { file in
      let sum = SHA256.hash(data: files[file.name] ?? [])
      return sum.map { String(format: "%02x", $0) }.joined() == file.sha256
    }
    guard isAsPacked else {
      return print("skipped: this gzip packs otherwise than the publisher's")
    }
    let published = files
    try await withAsyncScratchFolder { root in
      let server = try LoopbackServer { request, connection in
        guard let content = published[String(request.path.dropFirst())] else {
          return connection.status("404 Not Found")
        }
        connection.serve(
          content, for: request, upTo: request.index == 0 ? content.count / 2 : content.count)
      }
      let arguments = ["data", "fetch", "fashion-mnist", "--mirror", server.url]
      let environment = ["RESNET_TUI_DATA": "\(root)/data"]
      let first = try await Program.run(arguments, in: root, environment: environment)
      let folder = "\(root)/data/fashion-mnist"
      #expect(
        first.code == 0
          && first.output
            == "fashion-mnist: 60,000 + 10,000 images as published, fetched: \(folder)\n",
        "\(first)")
      #expect(first.error.contains("train-images-idx3-ubyte.gz  26.42 MB\n"))
      for file in publication.files {
        #expect(try bytes(of: "\(folder)/\(file.name)") == published[file.name])
      }
      let again = try await Program.run(arguments + ["--json"], in: root, environment: environment)
      #expect(again.code == 0 && again.output.contains("\"fetched_bytes\" : 0"), "\(again)")
      let half = publication.files[0].size / 2
      #expect(
        server.stop()
          == [half, publication.files[0].size - half] + publication.files.dropFirst().map(\.size))
      #expect(try names(in: folder) == publication.files.map(\.name).sorted())
    }
  }

  // MARK: List

  @Test func listSaysHowToFetch() async throws {
    let outcome = try await Program.run(["data", "list"], in: "/")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    for name in ["fashion-mnist", "mnist", "cifar10"] {
      #expect(outcome.output.contains("'resnet-tui data fetch \(name)' fetches it"))
    }
  }
}
