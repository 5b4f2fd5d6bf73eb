/// What follows the target.
struct FuzzOptions {
  var executions: Int?
  var seed: UInt64 = 1
  /// The execution whose input is shown.
  var show: Int?

  init(_ arguments: some Collection<String>) {
    var rest = Array(arguments)[...]
    while let option = rest.popFirst() {
      let value = rest.popFirst().flatMap { Int($0) }
      switch (option, value) {
      case ("--executions", let value?) where value >= 0: executions = value
      case ("--seed", let value?) where value >= 0: seed = UInt64(value)
      case ("--show", let value?): show = value
      default: fail("\(option) takes a number; there are --executions, --seed and --show", code: 64)
      }
    }
  }
}
