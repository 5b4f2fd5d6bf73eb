import Foundation
import Glibc
import TestSupport
import Testing

@testable import Experiments

@Suite struct FileTests {
  @Test func replacesAFileWholeAndLeavesNothingBeside() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/file"
      try AtomicFile.write([1, 2, 3], to: path)
      try AtomicFile.write(Data([4]), to: path)
      try AtomicFile.write([5, 6].lazy.map { $0 + 1 }, to: path)
      #expect(try bytes(of: path) == [6, 7])
      try AtomicFile.write([], to: path)
      #expect(try bytes(of: path) == [])
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test func aFailureLeavesTheOldFileAndNothingBeside() throws {
    try withScratchFolder { folder in
      // A folder stands where the file should be renamed to.
      try FileManager.default.createDirectory(
        atPath: "\(folder)/taken/inside", withIntermediateDirectories: true)
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write([1], to: "\(folder)/taken")
      }
      #expect(error?.description.hasPrefix("\(folder)/taken: cannot write: Is a directory") == true)
      #expect(try names(in: folder) == ["taken"])
      #expect(throws: FileError.self) { try AtomicFile.write([1], to: "\(folder)/none/file") }
    }
  }

  @Test func refusesWhatIsNoRegularFile() throws {
    try withScratchFolder { folder in
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      for path in ["\(folder)/pipe", folder, "/dev/zero"] {
        #expect(throws: FileError.self) { try BoundedFile.read(path, limit: 10) }
      }
      try put(Array(repeating: 1, count: 11), at: "\(folder)/long")
      #expect(throws: FileError.self) { try BoundedFile.read("\(folder)/long", limit: 10) }
      #expect(try BoundedFile.read("\(folder)/long", limit: 11).count == 11)
    }
  }
}
