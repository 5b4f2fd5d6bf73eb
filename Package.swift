// swift-tools-version: 6.1
import PackageDescription

/// Settings of every Swift target.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "resnet-tui",
  products: [
    .executable(name: "resnet-tui", targets: ["resnet-tui"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // Libraries of C.
    .target(
      name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    .target(
      name: "CTerminal",
      cSettings: [.define("_GNU_SOURCE"), .define("NCURSES_WIDECHAR", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),

    // Networks and their training.
    .target(name: "Architecture", swiftSettings: settings),
    .target(name: "Randomness", swiftSettings: settings),
    .target(
      name: "TrainingEngine", dependencies: ["Architecture", "COneDNN", "Randomness"],
      swiftSettings: settings),
    .target(
      name: "Datasets",
      dependencies: ["CZlib", "Randomness", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .target(
      name: "Downloads",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: settings),
    .target(
      name: "EventLog",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Protobuf/event.proto"], swiftSettings: settings),
    .target(
      name: "Experiments",
      dependencies: [
        "Architecture", "EventLog", "Randomness",
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .target(
      name: "Worker",
      dependencies: [
        "Architecture", "Cells", "Datasets", "EventLog", "Experiments", "Pictures", "Randomness",
        "TrainingEngine",
      ],
      swiftSettings: settings),

    // What is shown.
    .target(name: "Pictures", dependencies: ["CPNG"], swiftSettings: settings),
    .target(name: "Cells", dependencies: ["Pictures"], swiftSettings: settings),
    .target(
      name: "Dashboard",
      dependencies: ["Architecture", "Cells", "EventLog", "Experiments", "Pictures"],
      swiftSettings: settings),
    .target(
      name: "CursesTerminal", dependencies: ["Cells", "CTerminal"], swiftSettings: settings),

    // The program.
    .executableTarget(
      name: "resnet-tui",
      dependencies: [
        "Architecture", "Cells", "CursesTerminal", "Dashboard", "Datasets", "Downloads", "EventLog",
        "Experiments", "TrainingEngine", "Worker",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),

    // Tests.
    .executableTarget(
      name: "dashboard-benchmark",
      dependencies: [
        "Architecture", "Cells", "Dashboard", "EventLog", "Experiments", "PseudoTerminal",
      ],
      path: "Tests/DashboardBenchmark", swiftSettings: settings),
    .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: settings),
    .executableTarget(
      name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz", swiftSettings: settings),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Architecture", "Datasets", "EventLog", "Experiments", "Pictures", "Randomness",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      path: "Tests/FuzzTargets", exclude: ["Corpus"], swiftSettings: settings),
    .target(name: "PseudoTerminal", path: "Tests/PseudoTerminal", swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "ArchitectureTests", dependencies: ["Architecture", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "CellsTests", dependencies: ["Cells", "Pictures", "TestSupport"],
      exclude: ["Snapshots"],
      swiftSettings: settings),
    .testTarget(
      name: "CursesTerminalTests", dependencies: ["Cells", "CursesTerminal"],
      swiftSettings: settings),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Architecture", "Cells", "Dashboard", "EventLog", "Experiments", "Pictures", "TestSupport",
      ],
      exclude: ["Snapshots"], swiftSettings: settings),
    .testTarget(
      name: "DatasetsTests",
      dependencies: [
        "Datasets", "Randomness", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
      ],
      exclude: ["Snapshots"],
      swiftSettings: settings),
    .testTarget(
      name: "DownloadsTests",
      dependencies: [
        "Downloads", "LoopbackServer", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Architecture", "Cells", "CursesTerminal", "Dashboard", "Datasets", "Downloads", "EventLog",
        "Experiments", "LoopbackServer", "PseudoTerminal", "TestSupport", "Worker", "resnet-tui",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogTests",
      dependencies: [
        "EventLog", "TestSupport", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: ["Architecture", "EventLog", "Experiments", "TestSupport"],
      exclude: ["Snapshots"], swiftSettings: settings),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "FuzzTargets", "fuzz", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PicturesTests", dependencies: ["Pictures", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "PyTorchTests", dependencies: ["Architecture", "Experiments", "TrainingEngine"],
      exclude: [
        "Results", "compare_exports.py", "compare_speed.py", "compare_steps.py",
        "compare_trajectory.py", "compare_weights.py", "make_results.py",
      ], swiftSettings: settings),
    .testTarget(
      name: "RandomnessTests", dependencies: ["Randomness", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "TrainingEngineTests",
      dependencies: ["Architecture", "COneDNN", "Randomness", "TrainingEngine", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "WorkerTests",
      dependencies: [
        "Architecture", "Datasets", "EventLog", "Experiments", "Pictures", "TestSupport",
        "TrainingEngine", "Worker",
      ],
      swiftSettings: settings),
  ]
)
