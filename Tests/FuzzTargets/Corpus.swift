public import Foundation

/// The inputs that are kept for a target, beside this file: `Corpus/<target>/`.
public enum Corpus {
  public static func folder(of target: FuzzTarget) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Corpus").appendingPathComponent(target.name)
  }

  /// In the order of the files' names.
  public static func load(_ target: FuzzTarget) throws -> [[UInt8]] {
    let folder = folder(of: target)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      Array(try Data(contentsOf: folder.appendingPathComponent($0)))
    }
  }

  /// Writes the target's seeds as `seed-NN`.
  public static func writeSeeds(_ target: FuzzTarget) throws {
    let folder = folder(of: target)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (index, seed) in target.seeds().enumerated() {
      let name = "seed-\(index < 10 ? "0" : "")\(index)"
      try Data(seed).write(to: folder.appendingPathComponent(name))
    }
  }
}
