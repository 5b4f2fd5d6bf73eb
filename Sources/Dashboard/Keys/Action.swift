/// What a key can do.
enum Action: Hashable, Sendable {
  case quit, suspend, help, peel
  case nextPane, previousPane
  case focus(Pane)
  case zoom, unzoom
  case up, down, pageUp, pageDown, home, end
  case stepDown, stepUp, edit, undo, redo
  case presets, pin
  case addStage, duplicateStage, removeStage, moveStageUp, moveStageDown
  case openRun, loadRun, resumeRun, fork, mark, delete, hide, showHidden, pinRun, sortRuns,
    reverseRuns
  case compare, nextComparison
  case start, enqueue, stop, togglePause, checkpoint, grow
  case command, complete, recallOlder, recallNewer, copy
  case toggleLogarithmic, cycleSmoothing, cycleAxis, toggleOutliers
  case filter, openChart, sort, reverse, toggleLayerView, nextPredictionsView
  /// Look at the shown run as it was, or come back.
  case scrub
  case play, stepBack, stepOn, slower, faster, previousMarker, nextMarker
  case zoomIn, zoomOut, panLeft, panRight, wholeAxis
  /// By hundredths of what is visible of the charts' axis.
  case moveCursor(Int)
  case confirm
}
