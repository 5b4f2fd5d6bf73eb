import Architecture
import Experiments
import TrainingEngine

extension Network {
  /// Weights, running statistics and velocities as they are now, under torchvision's names.
  func checkpoint(at position: Checkpoint.Position) throws -> Checkpoint {
    var weights = Safetensors()
    var velocities = Safetensors()
    for parameter in program.plan.parameters {
      weights[parameter.name] = Safetensors.Tensor(
        floats: try self.parameter(parameter.name), shape: parameter.shape)
      velocities[parameter.name] = Safetensors.Tensor(
        floats: try velocity(parameter.name), shape: parameter.shape)
    }
    for buffer in program.plan.buffers {
      weights[buffer.name] = Safetensors.Tensor(
        floats: try statistic(buffer.name), shape: buffer.shape)
    }
    return Checkpoint(position: position, weights: weights, velocities: velocities)
  }
}
