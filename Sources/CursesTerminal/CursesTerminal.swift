import CTerminal
public import Cells
import Foundation

/// The terminal on standard input and output, in full-screen mode from `init` to `close`.
///
/// The shell gets its terminal back at `close`, at any exit, and before any signal ends the process,
/// a trap of the Swift runtime included. What is written to standard error meanwhile, by whomever,
/// is kept off the screen and printed afterwards, its last 64 KiB at least.
@MainActor
public final class CursesTerminal {
  /// The type, colours and encoding in use.
  public let description: TerminalDescription
  private let screen: CursesScreen
  /// Events that were decoded together with one that has been returned.
  var pending: [InputEvent] = []
  /// Signals that have arrived, and have not become events.
  var signals: UInt32 = 0
  private(set) var isClosed = false

  /// Takes the terminal into full-screen mode.
  ///
  /// - Throws: `TerminalError`; the terminal is then as it was.
  public init() throws(TerminalError) {
    var description = try TerminalDescription.current()
    guard !CursesScreen.isOpen else { throw .alreadyOpen }
    guard ct_guard_begin() else { throw .cannotOpen(type: description.type) }
    do {
      screen = try CursesScreen(description)
    } catch {
      ct_guard_end()
      throw error
    }
    ct_guard_arm()
    description.colorDepth = screen.colorDepth
    self.description = description
  }

  public var size: Size { screen.size }
  public var colorDepth: ColorDepth { description.colorDepth }
  public var isUTF8: Bool { description.isUTF8 }

  /// Shows the part of `frame` that the screen has room for, blanks around it, and the cursor where
  /// one is given. Only what differs from the frame before is sent.
  public func present(_ frame: Frame, cursor: Point? = nil) {
    screen.present(frame, cursor: cursor)
  }

  /// Most bytes that terminals take into their clipboard, before base64.
  private static let clipboardLimit = 72_000

  /// Puts text into the terminal's clipboard, over SSH too; terminals may refuse it, and none says so.
  public func copy(_ text: String) {
    guard !isClosed else { return }
    ct_copy(Data(text.utf8.prefix(Self.clipboardLimit)).base64EncodedString())
  }

  /// Gives the terminal back and stops the process as Ctrl-Z does; returns, with the screen
  /// restored, when the shell continues it. The size may have changed then.
  public func suspend() {
    guard !isClosed else { return }
    ct_suspend()
  }

  /// Gives the terminal back to the shell. Closing again does nothing.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    screen.close()
    ct_guard_end()
  }
}
