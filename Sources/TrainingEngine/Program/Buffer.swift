/// A piece of memory that calls read and write, before it has an address.
struct Buffer: Hashable {
  /// Index into its program's storage.
  let index: Int
}

/// A tensor: a buffer and how its elements lie in it.
struct Tensor {
  let buffer: Buffer
  let layout: Layout
}

/// Where a buffer lives.
enum Storage {
  /// In the arena, only while calls need it; its memory is shared with buffers of other times.
  case planned(byteCount: Int)
  /// At a fixed address for the life of the network.
  case resident(Resident)
}

/// Memory that outlives a pass.
enum Resident: Hashable {
  /// The batch, row-major N×C×H×W.
  case images
  /// The last pass's output, row-major N×classes.
  case logits
  /// A parameter or its gradient, by its state_dict name.
  case parameter(String)
  case gradient(String)
  /// A running statistic, by its state_dict name.
  case statistic(String)
  /// Working space of whichever primitive runs.
  case scratchpad
}
