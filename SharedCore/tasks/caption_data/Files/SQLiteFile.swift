import Foundation
import GRDB
import Utils

/// SQLite databases that were written elsewhere, read without changing a byte of them or beside them.
enum SQLiteFile {
  private static let magic = Array("SQLite format 3\0".utf8)

  /// A read-only connection to the database at `url`; throws a `LabError` for what is none.
  ///
  /// Of a database in write-ahead mode whose log is empty, SQLite is told that nobody changes it: it would make two files
  /// beside it otherwise, and could not open it in a folder that may not be written.
  static func open(_ url: URL, label: String) throws -> DatabaseQueue {
    let header = try head(of: url)
    guard header.starts(with: magic) else {
      throw LabError(
        .data, "\(url.relativePath) is not a SQLite database",
        remedy: "check the path, or copy the file again")
    }
    let usesLog = header.count > 18 && header[18] == 2
    let hasLog = (InputFile.size(URL(filePath: url.path + "-wal")) ?? 0) > 0
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    configuration.label = label
    return try translated(url) {
      let path = usesLog && !hasLog ? "file:\(escaped(url.path))?immutable=1" : url.path
      return try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  /// What `body` gives; an error of SQLite becomes a sentence about the file at `url`.
  static func translated<Value>(_ url: URL, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as LabError { throw error } catch let error as DatabaseError {
      let file = url.relativePath
      let (reason, remedy) =
        switch error.resultCode {
        case .SQLITE_CANTOPEN: ("cannot be opened", "check that the file and its folder may be read")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: ("may not be written", "choose another folder")
        case .SQLITE_FULL: ("cannot grow: no space is left on the device", "free some space, then go on")
        case .SQLITE_BUSY, .SQLITE_LOCKED: ("is being written by another program", "wait for that program")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: ("is a damaged database", "copy the file again")
        case .SQLITE_IOERR: ("cannot be read or written", "check the disk")
        case .SQLITE_TOOBIG: ("holds a value that is too large", "copy the file again")
        default:
          ("answered: \(error.message ?? "no reason given")", "check the file with the sqlite3 program")
        }
      throw LabError(.data, "\(file) \(reason)", remedy: remedy)
    } catch {
      throw LabError(
        .data, "\(url.relativePath) holds a value of a kind that it should not", remedy: "copy the file again"
      )
    }
  }

  private static func head(of url: URL) throws -> [UInt8] {
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      throw LabError(.data, "\(url.relativePath) does not exist", remedy: "check the path")
    }
    guard status.st_mode & S_IFMT == S_IFREG, let file = try? FileHandle(forReadingFrom: url),
      let bytes = try? file.read(upToCount: 100)
    else {
      throw LabError(
        .data, "\(url.relativePath) cannot be read", remedy: "check that it is a file you may read")
    }
    try? file.close()
    return [UInt8](bytes)
  }

  /// `path` as part of a URI, where `?`, `#` and `%` have a meaning.
  private static func escaped(_ path: String) -> String {
    path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
  }
}

extension Row {
  /// The value of `column` as a `Value`; nil where there is no such column, where it is NULL or something else. The row's own
  /// subscript stops the program where the file holds something else.
  func value<Value: DatabaseValueConvertible>(_ column: String, as type: Value.Type = Value.self) -> Value? {
    guard hasColumn(column) else { return nil }
    let value: DatabaseValue = self[column]
    return value.isNull ? nil : Value.fromDatabaseValue(value)
  }
}
