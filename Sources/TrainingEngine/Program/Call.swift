/// One operation of a program on its buffers.
struct Call {
  enum Work {
    case primitive(Primitive, [Argument])
    /// A kernel of our own: given the addresses of `buffers`, in their order, makes the code to run.
    case kernel(buffers: [Buffer], bind: ([UnsafeMutableRawPointer]) -> () -> Void)
  }

  struct Argument {
    let role: Primitive.Role
    let buffer: Buffer
  }

  let summary: StepCall
  let work: Work

  /// Every buffer that the call reads or writes.
  var buffers: [Buffer] {
    switch work {
    case .primitive(_, let arguments): arguments.map(\.buffer)
    case .kernel(let buffers, _): buffers
    }
  }

  /// The call as code on the memory that `address` gives its buffers.
  func bound(
    _ address: (Buffer) -> UnsafeMutableRawPointer
  ) throws(LibraryFailure) -> () -> Void {
    switch work {
    case .primitive(let primitive, let arguments):
      for argument in arguments {
        try primitive.bind(argument.role, to: address(argument.buffer))
      }
      return { primitive.run() }
    case .kernel(let buffers, let bind):
      return bind(buffers.map(address))
    }
  }
}
