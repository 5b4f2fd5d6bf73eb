public import Cells

/// The screen that a state stands for.
public func view(_ state: State) -> Frame {
  Frame(size: state.size, appearance: state.appearance) { canvas in
    guard !state.isTooSmall else {
      return TooSmall(needed: ScreenLayout.minimumSize).draw(on: canvas)
    }
    let layout = ScreenLayout(state)
    HeaderLine(state).draw(on: canvas.region(layout.header))
    for pane in Pane.allCases {
      if let rect = layout.panes[pane] { draw(pane, state, on: canvas.region(rect)) }
    }
    KeyBar(state.hints).draw(on: canvas.region(layout.footer))
    switch state.overlay {
    case .help(let help):
      HelpOverlay(view: help, role: state.role, hints: state.hints).draw(on: canvas)
    case .confirmGrow(let run, let stage):
      Question.grow(run, stage: stage, hints: state.hints).draw(on: canvas)
    case .confirmStop(let run, let isQueued):
      Question.stop(run, isQueued: isQueued, hints: state.hints).draw(on: canvas)
    case .confirmDelete(let run): Question.delete(run, hints: state.hints).draw(on: canvas)
    case .presets(let picker):
      PresetOverlay(picker: picker, hints: state.hints).draw(on: canvas)
    case .compare(let compare): CompareScreen(view: compare, state: state).draw(on: canvas)
    case .confirmStart: Question.start(hints: state.hints).draw(on: canvas)
    case nil: break
    }
    if let prompt = state.prompt {
      PromptLine(prompt: prompt, hints: state.hints).draw(on: canvas.region(layout.footer))
    }
    if let notice = state.notice, NoticeBox.isNeeded(for: notice.text, on: canvas) {
      NoticeBox(notice: notice).draw(on: canvas)
    }
  }
}

/// One pane alone on a screen of the state's size.
public func view(_ state: State, pane: Pane) -> Frame {
  var alone = state
  alone.isZoomed = true
  if pane == .predictions { alone.runs.illustrate() }
  return Frame(size: state.size, appearance: state.appearance) { draw(pane, alone, on: $0) }
}

private func draw(_ pane: Pane, _ state: State, on canvas: Canvas) {
  switch pane {
  case .composer: ComposerPane(state).draw(on: canvas)
  case .layers: LayersPane(state).draw(on: canvas)
  case .loss: ChartPane.loss(state).draw(on: canvas)
  case .accuracy: ChartPane.accuracy(state).draw(on: canvas)
  case .progress: ProgressPane(state).draw(on: canvas)
  case .runs: RunsPane(state).draw(on: canvas)
  case .block: BlockPane(state).draw(on: canvas)
  case .scalars: ScalarsPane(state).draw(on: canvas)
  case .predictions: PredictionsPane(state).draw(on: canvas)
  }
}
