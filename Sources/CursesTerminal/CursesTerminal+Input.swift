import CTerminal
public import Cells

extension CursesTerminal {
  /// How long the rest of an escape sequence may take, in milliseconds.
  private static let sequenceTimeout: Int32 = 25

  /// How long a paste may pause, in milliseconds: a packet that is lost on the way takes a second or so.
  private static let pasteTimeout: Int32 = 3000
  /// Scalars of a paste that are kept.
  private static let pasteLimit = 1 << 16

  /// Waits for input, at most `timeoutMilliseconds` (negative: without end).
  ///
  /// Ctrl-C comes as a key; a second one, while the first has not been asked for, ends the process.
  /// Ctrl-Z is carried out here, and `resize` follows it. A terminal that has gone away reads as
  /// Ctrl-C. Modifiers that `Key` cannot express are ignored, and so are sequences of unknown keys;
  /// Alt with a character reads as Escape and the character, which are the same bytes.
  ///
  /// - Returns: nil when the time is over, or what came is no event.
  public func nextEvent(timeoutMilliseconds: Int) -> InputEvent? {
    guard !isClosed else { return nil }
    if let event = takeEvent() { return event }
    switch ct_wait(Int32(clamping: timeoutMilliseconds)) {
    case CT_WAIT_HANGUP: return .key(.control("c"))
    // A signal need not end the wait: it may have reached another thread.
    default: return takeEvent()
    }
  }

  /// The next event that has arrived already.
  private func takeEvent() -> InputEvent? {
    if let event = takeSignal() { return event }
    while pending.isEmpty {
      let input = ct_read(0)
      guard input.kind != CT_INPUT_NONE else { return nil }
      pending = decode(input)
    }
    return pending.removeFirst()
  }

  private func takeSignal() -> InputEvent? {
    signals |= ct_take_signals()
    func take(_ signal: ct_signal) -> Bool {
      defer { signals &= ~signal.rawValue }
      return signals & signal.rawValue != 0
    }
    if take(CT_SIGNAL_INTERRUPT) { return .key(.control("c")) }
    if take(CT_SIGNAL_STOP) {
      suspend()
      return .resize(size)
    }
    if take(CT_SIGNAL_CONTINUE) {
      ct_resume()
      return .resize(size)
    }
    if take(CT_SIGNAL_RESIZE) {
      ct_fit()
      return .resize(size)
    }
    return nil
  }

  /// The events that an input stands for, in order.
  private func decode(_ input: ct_input) -> [InputEvent] {
    switch input.kind {
    case CT_INPUT_MOUSE: mouseEvents()
    case CT_INPUT_SCALAR where input.value == 0x1B: decodeEscape()
    default: KeyDecoder.key(for: input).map { [.key($0)] } ?? []
    }
  }

  /// ncurses hands the newest mouse event out first.
  private func mouseEvents() -> [InputEvent] {
    var events: [InputEvent] = []
    var mouse = ct_mouse()
    while ct_take_mouse(&mouse) {
      let action: MouseEvent.Action =
        switch mouse.action {
        case CT_MOUSE_RELEASE: .release
        case CT_MOUSE_WHEEL_UP: .wheelUp
        case CT_MOUSE_WHEEL_DOWN: .wheelDown
        default: .press
        }
      let position = Point(x: Int(mouse.x), y: Int(mouse.y))
      events.append(.mouse(MouseEvent(action: action, position: position)))
    }
    return events.reversed()
  }

  /// What follows an escape character that begins no sequence of the terminal's terminfo entry: a
  /// sequence known elsewhere, one known nowhere, or another key.
  private func decodeEscape() -> [InputEvent] {
    let next = ct_read(0)
    guard next.kind != CT_INPUT_NONE else { return [.key(.escape)] }
    guard next.kind == CT_INPUT_SCALAR, var sequence = EscapeSequence(introducer: next.value) else {
      return [.key(.escape)] + decode(next)
    }
    while !sequence.isComplete {
      let input = ct_read(Self.sequenceTimeout)
      guard input.kind == CT_INPUT_SCALAR else {
        return sequence.isBare
          ? [.key(.escape), .key(.character(sequence.introducer))] + decode(input)
          : decode(input)
      }
      sequence.append(input.value)
    }
    if sequence.beginsPaste { return [.paste(readPaste())] }
    return sequence.key.map { [.key($0)] } ?? []
  }

  /// Pasted text up to its end mark, or to where no more of it comes; what is beyond the limit is
  /// read and dropped.
  private func readPaste() -> String {
    let end = EscapeSequence.pasteEnd
    var scalars: [Unicode.Scalar] = []
    while scalars.suffix(end.count) != end[...] {
      let input = ct_read(Self.pasteTimeout)
      guard input.kind != CT_INPUT_NONE else { break }
      // Keys within a paste are escape sequences in its text.
      guard input.kind == CT_INPUT_SCALAR, let scalar = Unicode.Scalar(input.value) else {
        continue
      }
      scalars.append(scalar)
      if scalars.count > Self.pasteLimit + end.count { scalars.remove(at: Self.pasteLimit) }
    }
    if scalars.suffix(end.count) == end[...] { scalars.removeLast(end.count) }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.prefix(Self.pasteLimit))
    return String(text)
  }
}
