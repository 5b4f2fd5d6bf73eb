import Architecture
import Experiments
import TrainingEngine

extension Network {
  /// All of the training's state as it is now. What is averaged is saved as the weights.
  func checkpoint(at position: Checkpoint.Position) throws -> Checkpoint {
    var optimizer = Safetensors()
    for parameter in program.plan.parameters {
      for moment in moments {
        optimizer["\(name(of: moment)).\(parameter.name)"] = Safetensors.Tensor(
          floats: try self.moment(moment, of: parameter.name), shape: parameter.shape)
      }
    }
    guard program.state.hasAverage else {
      return Checkpoint(position: position, weights: try weights(), optimizer: optimizer)
    }
    let raw = try weights()
    for name in raw.names { optimizer[Self.rawPrefix + name] = raw[name] }
    return Checkpoint(
      position: position, weights: try withAverage { try weights() }, optimizer: optimizer)
  }

  /// Makes the training's state what it was at a checkpoint of this very network.
  ///
  /// - Parameter file: where it comes from, for messages.
  func restore(_ checkpoint: Checkpoint, file: String) throws(WorkerError) {
    let adoption: Adoption
    do throws(EngineError) {
      adoption = try adopt(checkpoint)
    } catch {
      throw .failed("\(file): \(error)")
    }
    if let name = adoption.drawn.first ?? adoption.absent.first {
      throw .input("\(file): its checkpoint has no \(name) that fits the network")
    }
  }

  /// In front of weights that go on being trained, where what is averaged are the weights.
  static let rawPrefix = "raw."

  /// What PyTorch's optimizers call it.
  func name(of moment: Moment) -> String {
    switch (moment, program.state.hasSquares) {
    case (.mean, false): "momentum_buffer"
    case (.mean, true): "exp_avg"
    case (.square, _): "exp_avg_sq"
    }
  }

  /// Parameters and running statistics, under torchvision's names.
  func weights() throws -> Safetensors {
    var weights = Safetensors()
    for parameter in program.plan.parameters {
      weights[parameter.name] = Safetensors.Tensor(
        floats: try self.parameter(parameter.name), shape: parameter.shape)
    }
    for buffer in program.plan.buffers {
      weights[buffer.name] = Safetensors.Tensor(
        floats: try statistic(buffer.name), shape: buffer.shape)
    }
    return weights
  }

  /// Takes the parameters and running statistics of `weights`, under the names of `WeightNames`.
  ///
  /// A tensor may end in further dimensions of 1, as a linear layer that is a 1×1 convolution has.
  ///
  /// - Parameter file: where they come from, for messages.
  /// - Throws: `WorkerError.input` for a tensor that is missing, of another shape or type, or not
  ///   the network's; the network is then as it was.
  func load(_ weights: Safetensors, file: String) throws(WorkerError) {
    var tensors: [String: Safetensors.Tensor] = [:]
    for name in weights.names where !WeightNames.isIgnored(name) {
      let own = WeightNames.own(name)
      guard tensors.updateValue(weights[name]!, forKey: own) == nil else {
        throw .input("\(file): \(name) and another tensor are both \(own); keep one of them")
      }
    }
    func take(_ name: String, _ shape: [Int]) throws(WorkerError) -> [Float] {
      guard let tensor = tensors.removeValue(forKey: name) else {
        throw .input("\(file): \(name) is missing; these are weights of another network")
      }
      guard let floats = tensor.floats else {
        throw .input("\(file): \(name) holds no F32 numbers; convert it")
      }
      guard tensor.shape.starts(with: shape),
        tensor.shape.dropFirst(shape.count).allSatisfy({ $0 == 1 })
      else {
        throw .input(
          "\(file): \(name) is \(Self.text(tensor.shape)) where the network has "
            + "\(Self.text(shape)); these are weights of another network")
      }
      return floats
    }
    var parameters: [(String, [Float])] = []
    var statistics: [(String, [Float])] = []
    for parameter in program.plan.parameters {
      parameters.append((parameter.name, try take(parameter.name, parameter.shape)))
    }
    for buffer in program.plan.buffers {
      statistics.append((buffer.name, try take(buffer.name, buffer.shape)))
    }
    if let other = tensors.keys.min() {
      throw .input("\(file): the network has no \(other); these are weights of another network")
    }
    do throws(EngineError) {
      for (name, values) in parameters { try setParameter(name, values) }
      for (name, values) in statistics { try setStatistic(name, values) }
    } catch {
      throw .failed("\(file): \(error)")
    }
  }

  private static func text(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: "×")
  }
}
