import Architecture

extension Experiment {
  /// Everything that keeps the experiment from running although each value may be sound by itself,
  /// in the order of the keys; empty for a sound one. The errors name no file.
  public var problems: [ExperimentError] {
    var found = network.problems().map {
      ExperimentError(key: "network.\($0.key)", reason: $0.reason)
    }
    func add(_ key: String, _ reason: String) {
      found.append(ExperimentError(key: key, reason: reason))
    }
    let side = data.resize ?? data.set.side
    let images = ImageShape(channels: data.set.channels, height: side, width: side)
    if network.input != images {
      let channelsFit = network.input.channels == images.channels
      let isSquare = network.input.height == network.input.width
      let resize =
        channelsFit && isSquare ? ", or set data.resize to \(network.input.height)" : ""
      add(
        "network.input",
        "the network takes \(network.input), but \(data.set.rawValue)"
          + (data.resize == nil ? "" : " resized")
          + " has \(images); set it to \(images.dimensions)\(resize).")
    }
    if network.head == .none {
      add("network.head", "none leaves no classes to train for; set it to linear.")
    }
    if network.classes != data.set.classes {
      add(
        "network.classes",
        "the network has \(network.classes) classes, but \(data.set.rawValue) has "
          + "\(data.set.classes); set it to \(data.set.classes).")
    }
    if let limit = data.limit {
      let held = data.holdout ?? 0
      if held >= limit {
        add(
          "data.holdout",
          "\(held) leaves no image of the \(limit) that data.limit admits; set it below \(limit).")
      } else if limit - held < data.batch {
        add(
          "data.batch",
          "\(data.batch) is more than the \(limit - held) training images; "
            + "set it to at most \(limit - held).")
      }
    }
    switch optimizer.name {
    case .adamW:
      if optimizer.momentum > 0 {
        add("optimizer.momentum", "adamw has none; leave it out, or set optimizer.betas.")
      }
      if optimizer.nesterov { add("optimizer.nesterov", "adamw has none; leave it out.") }
    case .sgd:
      if optimizer.betas != OptimizerOptions.defaultBetas {
        add("optimizer.betas", "sgd has none; leave them out, or set optimizer.name to adamw.")
      }
      if optimizer.eps != OptimizerOptions.defaultEps {
        add("optimizer.eps", "sgd has none; leave it out, or set optimizer.name to adamw.")
      }
    }
    if optimizer.name == .sgd && optimizer.nesterov && optimizer.momentum == 0 {
      add("optimizer.nesterov", "needs a momentum above 0; set one, or nesterov to false.")
    }
    if schedule.name != .step {
      let kind = schedule.name.rawValue
      if schedule.stepSize != ScheduleOptions.defaultStepSize {
        add("schedule.step_size", "\(kind) has none; leave it out, or set schedule.name to step.")
      }
      if schedule.gamma != ScheduleOptions.defaultGamma {
        add("schedule.gamma", "\(kind) has none; leave it out, or set schedule.name to step.")
      }
    }
    if schedule.warmupEpochs > epochs {
      add(
        "schedule.warmup_epochs",
        "\(schedule.warmupEpochs) is more than the \(epochs) epochs; set it to at most \(epochs).")
    }
    for (index, growth) in grow.enumerated() where growth.epoch >= epochs {
      add(
        "grow[\(index)].epoch",
        "after epoch \(growth.epoch) of \(epochs) nothing is trained any more; "
          + (epochs > 1 ? "set it to at most \(epochs - 1)." : "remove it, or raise epochs."))
    }
    if found.isEmpty {
      do throws(SpecError) {
        _ = try network.grown(by: grow.map(\.growth))
      } catch {
        add("grow", "network.\(error)")
      }
    }
    if schedule.name == .oneCycle, schedule.warmupEpochs > 0 {
      add("schedule.warmup_epochs", "one_cycle has a warm-up of its own; set it to 0.")
    }
    return found
  }
}
