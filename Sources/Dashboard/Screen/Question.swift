import Cells

/// A question that is asked before something is done that costs.
struct Question {
  var title: String
  var text: String
  /// What the keys do here.
  var hints: [KeyBar.Hint]

  static func stop(_ run: String, isQueued: Bool, hints: [KeyBar.Hint]) -> Question {
    Question(
      title: "stop the run",
      text: "Stop \(run)?\n\n"
        + (isQueued
          ? "It leaves the queue, and never begins."
          : "It finishes its step, writes a checkpoint and ends."),
      hints: hints)
  }

  static func delete(_ run: String, hints: [KeyBar.Hint]) -> Question {
    Question(
      title: "delete the run",
      text: "Delete \(run)?\n\nIts log and its checkpoints are gone for good.", hints: hints)
  }

  static func grow(_ run: String, stage: Int, hints: [KeyBar.Hint]) -> Question {
    Question(
      title: "grow the network",
      text:
        "Add a block to layer\(stage) of \(run)?\n\nIt begins as the identity: the network computes "
        + "what it did, and training goes on with all of it. A block cannot be taken away again.",
      hints: hints)
  }

  static func start(hints: [KeyBar.Hint]) -> Question {
    Question(
      title: "train a second one",
      text: "Something is being trained already. The two would share the processor: this one takes "
        + "fewer threads, and both are slower.\n\nStart it now, or have it wait for its turn?",
      hints: hints)
  }

  func draw(on canvas: Canvas) {
    let block = TextBlock(text, style: canvas.theme.text)
    let width = min(60, canvas.width - 8)
    let height = block.lineCount(width: width)
    let inner = Overlay(title, size: Size(width: width, height: height + 2)).draw(on: canvas)
    block.draw(on: inner)
    KeyBar(hints).draw(on: inner.region(Rect(x: -1, y: height + 1, width: width + 1, height: 1)))
  }
}
