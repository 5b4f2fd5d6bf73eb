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
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .target(name: "Architecture", swiftSettings: settings),
    .target(name: "Cells", swiftSettings: settings),
    .target(
      name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    .target(
      name: "Experiments",
      dependencies: [
        "Architecture",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .target(name: "Randomness", swiftSettings: settings),
    .target(
      name: "TrainingEngine", dependencies: ["Architecture", "COneDNN", "Randomness"],
      swiftSettings: settings),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "CellsTests", dependencies: ["Cells", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ArchitectureTests", dependencies: ["Architecture", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Architecture", "Experiments", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "TrainingEngineTests",
      dependencies: ["Architecture", "Randomness", "TrainingEngine", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "RandomnessTests", dependencies: ["Randomness", "TestSupport"],
      swiftSettings: settings),
  ]
)
