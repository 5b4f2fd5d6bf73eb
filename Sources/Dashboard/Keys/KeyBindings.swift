import Cells

extension KeyBinding {
  static let all: [KeyBinding] =
    [
      KeyBinding(
        keys: [.left, .character("h")], action: .stepDown, context: .composer,
        label: "previous value"),
      KeyBinding(
        keys: [.right, .character("l")], action: .stepUp, context: .composer, label: "next value"),
      KeyBinding(
        keys: [.enter], action: .edit, context: .composer, label: "type", isHinted: true),
      KeyBinding(
        keys: [.character("p")], action: .presets, context: .composer, label: "presets",
        isHinted: true),
      KeyBinding(
        keys: [.character("b")], action: .pin, context: .composer, label: "pin baseline"),
      KeyBinding(
        keys: [.character("a")], action: .addStage, context: .composer, label: "add a stage"),
      KeyBinding(
        keys: [.character("d")], action: .duplicateStage, context: .composer,
        label: "copy the stage"),
      KeyBinding(
        keys: [.character("D")], action: .removeStage, context: .composer,
        label: "remove stage"),
      KeyBinding(
        keys: [.character("K")], action: .moveStageUp, context: .composer, label: "stage up"),
      KeyBinding(
        keys: [.character("J")], action: .moveStageDown, context: .composer, label: "stage down"),
      KeyBinding(keys: [.character("z")], action: .undo, context: .composer, label: "undo"),
      KeyBinding(keys: [.character("Z")], action: .redo, context: .composer, label: "redo"),
      KeyBinding(
        keys: [.character("v")], action: .toggleLayerView, context: .layers,
        label: "costs or training", isHinted: true),
      KeyBinding(
        keys: [.character("s")], action: .sort, context: .layers, label: "sort by the next column",
        isHinted: true),
      KeyBinding(
        keys: [.character("r")], action: .reverse, context: .layers, label: "reverse the order"),
      KeyBinding(
        keys: [.enter], action: .openRun, context: .runs, label: "show the run", isHinted: true),
      KeyBinding(
        keys: [.character("e")], action: .loadRun, context: .runs, label: "edit its spec",
        isHinted: true),
      KeyBinding(
        keys: [.character("R")], action: .resumeRun, context: .runs, label: "go on with the run",
        isHinted: true),
      KeyBinding(
        keys: [.character(" ")], action: .mark, context: .runs, label: "mark to compare",
        isHinted: true),
      KeyBinding(
        keys: [.character("s")], action: .sortRuns, context: .runs,
        label: "sort by the next column"),
      KeyBinding(
        keys: [.character("r")], action: .reverseRuns, context: .runs, label: "reverse the order"),
      KeyBinding(
        keys: [.character("b")], action: .pinRun, context: .runs, label: "hold others against it"),
      KeyBinding(
        keys: [.delete, .character("D")], action: .delete, context: .runs, label: "delete the run"),
      KeyBinding(keys: [.character("H")], action: .hide, context: .runs, label: "hide, show again"),
      KeyBinding(
        keys: [.character("A")], action: .showHidden, context: .runs, label: "all, hidden too"),
      KeyBinding(
        keys: [.character("y")], action: .toggleLogarithmic, context: .charts, label: "log y axis",
        isHinted: true),
      KeyBinding(
        keys: [.character("S")], action: .cycleSmoothing, context: .charts, label: "smoothing",
        isHinted: true),
      KeyBinding(
        keys: [.character("X")], action: .cycleAxis, context: .charts, label: "x axis",
        isHinted: true),
      KeyBinding(
        keys: [.character("i")], action: .zoomIn, context: .charts, label: "zoom the x axis",
        isHinted: true),
      KeyBinding(
        keys: [.character("o")], action: .zoomOut, context: .charts, label: "zoom out"),
      KeyBinding(keys: [.character("H")], action: .panLeft, context: .charts, label: "pan left"),
      KeyBinding(keys: [.character("L")], action: .panRight, context: .charts, label: "pan right"),
      KeyBinding(
        keys: [.character("0")], action: .wholeAxis, context: .charts, label: "whole run, no cursor"
      ),
      KeyBinding(
        keys: [.character("O")], action: .toggleOutliers, context: .charts,
        label: "span the outliers"),
      KeyBinding(
        keys: [.left, .character("h")], action: .moveCursor(-1), context: .charts,
        label: "cursor left"),
      KeyBinding(
        keys: [.right, .character("l")], action: .moveCursor(1), context: .charts,
        label: "cursor right"),
      KeyBinding(
        keys: [.pageUp], action: .moveCursor(-10), context: .charts, label: "ten left"),
      KeyBinding(
        keys: [.pageDown], action: .moveCursor(10), context: .charts, label: "ten right"),
      KeyBinding(
        keys: [.home], action: .moveCursor(-1_000_000), context: .charts,
        label: "cursor to the first"),
      KeyBinding(
        keys: [.end], action: .moveCursor(1_000_000), context: .charts,
        label: "cursor to the last"),
      KeyBinding(
        keys: [.enter], action: .openChart, context: .scalars, label: "one chart or all",
        isHinted: true),
      KeyBinding(
        keys: [.character("v")], action: .nextPredictionsView, context: .predictions,
        label: "next view", isHinted: true),
      KeyBinding(
        keys: [.character("/")], action: .filter, context: .list, label: "filter", isHinted: true),
      KeyBinding(
        keys: [.escape, .character("T")], action: .scrub, context: .moment, label: "back to now",
        isHinted: true),
      KeyBinding(
        keys: [.character(" ")], action: .play, context: .moment, label: "play, pause",
        isHinted: true),
      KeyBinding(
        keys: [.character("[")], action: .previousMarker, context: .moment,
        label: "earlier marker", isHinted: true),
      KeyBinding(
        keys: [.character("]")], action: .nextMarker, context: .moment, label: "next marker",
        isHinted: true),
      KeyBinding(
        keys: [.character(",")], action: .stepBack, context: .moment, label: "step back",
        isHinted: true),
      KeyBinding(
        keys: [.character(".")], action: .stepOn, context: .moment, label: "step on",
        isHinted: true),
      KeyBinding(
        keys: [.character("<")], action: .slower, context: .moment, label: "slower",
        isHinted: true),
      KeyBinding(
        keys: [.character(">")], action: .faster, context: .moment, label: "faster",
        isHinted: true),
      KeyBinding(keys: [.enter], action: .confirm, context: .prompt, label: "keep", isHinted: true),
      KeyBinding(keys: [.escape], action: .peel, context: .prompt, label: "leave", isHinted: true),
      KeyBinding(
        keys: [.tab], action: .complete, context: .prompt, label: "complete a command",
        isHinted: true),
      KeyBinding(
        keys: [.up], action: .recallOlder, context: .prompt, label: "the command before"),
      KeyBinding(
        keys: [.down], action: .recallNewer, context: .prompt, label: "the command after"),
      KeyBinding(keys: [.up, .character("k")], action: .up, context: .list, label: "up"),
      KeyBinding(keys: [.down, .character("j")], action: .down, context: .list, label: "down"),
      KeyBinding(keys: [.pageUp], action: .pageUp, context: .list, label: "ten up"),
      KeyBinding(keys: [.pageDown], action: .pageDown, context: .list, label: "ten down"),
      KeyBinding(keys: [.home], action: .home, context: .list, label: "first"),
      KeyBinding(keys: [.end], action: .end, context: .list, label: "last"),
      KeyBinding(
        keys: [.character("t")], action: .start, context: .anywhere, label: "train",
        isHinted: true),
      KeyBinding(
        keys: [.character("x")], action: .stop, context: .anywhere, label: "stop", isHinted: true),
      KeyBinding(
        keys: [.character("P")], action: .togglePause, context: .anywhere,
        label: "pause, go on"),
      KeyBinding(
        keys: [.character("C")], action: .checkpoint, context: .anywhere,
        label: "write a checkpoint"),
      KeyBinding(
        keys: [.character("G")], action: .grow, context: .anywhere, label: "grow the stage"),
      KeyBinding(
        keys: [.character("F")], action: .fork, context: .anywhere,
        label: "fork the run"),
      KeyBinding(
        keys: [.character("T")], action: .scrub, context: .anywhere,
        label: "look at the run as it was"),
      KeyBinding(
        keys: [.character("Y")], action: .copy, context: .anywhere, label: "copy"),
      KeyBinding(
        keys: [.character(":")], action: .command, context: .anywhere, label: "command line"),
      KeyBinding(
        keys: [.character("c")], action: .compare, context: .anywhere, label: "compare",
        isHinted: true),
      KeyBinding(
        keys: [.character("?")], action: .help, context: .anywhere, label: "help", isHinted: true),
      KeyBinding(
        keys: [.character("q")], action: .quit, context: .anywhere, label: "quit", isHinted: true),
      KeyBinding(
        keys: [.tab], action: .nextPane, context: .anywhere, label: "next pane", isHinted: true),
      KeyBinding(keys: [.backTab], action: .previousPane, context: .anywhere, label: "pane before"),
    ]
    + Pane.allCases.map { pane in
      KeyBinding(
        keys: [.character(Character("\(pane.rawValue)"))], action: .focus(pane),
        context: .anywhere, label: "\(pane.title) pane")
    } + [
      KeyBinding(
        keys: [.character("+")], action: .zoom, context: .anywhere, label: "zoom", isHinted: true),
      KeyBinding(keys: [.character("_")], action: .unzoom, context: .anywhere, label: "all panes"),
      KeyBinding(keys: [.escape], action: .peel, context: .anywhere, label: "back"),
      KeyBinding(keys: [.control("c")], action: .quit, context: .always, label: "quit"),
      KeyBinding(keys: [.control("z")], action: .suspend, context: .always, label: "suspend"),
      KeyBinding(
        keys: [.character("/")], action: .filter, context: .help, label: "search", isHinted: true),
      KeyBinding(
        keys: [.down, .right, .pageDown], action: .down, context: .help, label: "further on"),
      KeyBinding(keys: [.up, .left, .pageUp], action: .up, context: .help, label: "back"),
      KeyBinding(
        keys: [.escape, .character("q"), .character("?")], action: .peel, context: .help,
        label: "close the help", isHinted: true),
      KeyBinding(
        keys: [.enter], action: .confirm, context: .presets, label: "take it", isHinted: true),
      KeyBinding(keys: [.up], action: .up, context: .presets, label: "up"),
      KeyBinding(keys: [.down], action: .down, context: .presets, label: "down"),
      KeyBinding(keys: [.pageUp], action: .pageUp, context: .presets, label: "ten up"),
      KeyBinding(keys: [.pageDown], action: .pageDown, context: .presets, label: "ten down"),
      KeyBinding(
        keys: [.escape], action: .peel, context: .presets, label: "leave it", isHinted: true),
      KeyBinding(
        keys: [.up, .character("k")], action: .up, context: .compare, label: "up"),
      KeyBinding(
        keys: [.down, .character("j")], action: .down, context: .compare, label: "down"),
      KeyBinding(keys: [.pageUp], action: .pageUp, context: .compare, label: "ten up"),
      KeyBinding(keys: [.pageDown], action: .pageDown, context: .compare, label: "ten down"),
      KeyBinding(
        keys: [.character("v")], action: .nextComparison, context: .compare,
        label: "differences, scatters, errors", isHinted: true),
      KeyBinding(
        keys: [.escape, .character("q"), .character("c")], action: .peel, context: .compare,
        label: "close", isHinted: true),
      KeyBinding(
        keys: [.enter, .character("y")], action: .confirm, context: .dialog, label: "yes",
        isHinted: true),
      KeyBinding(
        keys: [.character("w")], action: .enqueue, context: .dialog, label: "wait for its turn",
        isHinted: true),
      KeyBinding(
        keys: [.escape, .character("n"), .character("q")], action: .peel, context: .dialog,
        label: "no", isHinted: true),
    ]
}
