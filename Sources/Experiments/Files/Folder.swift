import Glibc

/// What the runs need of folders.
enum Folder {
  /// A path's folder (`.` where it names none) and its last component.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  /// Names in the folder in byte order, without `.` and `..`; empty if it cannot be listed.
  static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Creates the folder and those above it; one that is there is left as it is.
  static func create(_ path: String) throws(FileError) {
    if exists(path) { return }
    let parent = split(path).folder
    if parent != path && !exists(parent) { try create(parent) }
    if mkdir(path, 0o777) != 0 && !(errno == EEXIST && exists(path)) {
      throw FileError(path: path, cannot: .createFolder, code: errno)
    }
  }

  static func exists(_ path: String) -> Bool {
    var attributes = stat()
    return stat(path, &attributes) == 0 && attributes.st_mode & S_IFMT == S_IFDIR
  }

  static func isLink(_ path: String) -> Bool {
    var attributes = stat()
    return lstat(path, &attributes) == 0 && attributes.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether there is a file, a folder or anything else at `path`, a dangling link too.
  static func holdsAnything(at path: String) -> Bool {
    var attributes = stat()
    return lstat(path, &attributes) == 0
  }

  /// Makes renames and removals in the folder last.
  static func flush(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, cannot: .flush, code: errno) }
    defer { close(descriptor) }
    // Some file systems have nothing to flush in a folder and say so.
    if fsync(descriptor) != 0 && errno != EINVAL {
      throw FileError(path: path, cannot: .flush, code: errno)
    }
  }

  /// Removes a file; one that is gone already is no error.
  static func remove(_ path: String) throws(FileError) {
    if unlink(path) != 0 && errno != ENOENT {
      throw FileError(path: path, cannot: .remove, code: errno)
    }
  }
}
