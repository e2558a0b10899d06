// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Atk",
    platforms: [.macOS(.v12)],
    products: [.library(name: "Atk", targets: ["Atk"])],
    targets: [
        .systemLibrary(name: "AtkFFI", path: "Sources/AtkFFI"),
        .target(
            name: "Atk",
            dependencies: ["AtkFFI"],
            linkerSettings: [.unsafeFlags(["-L."]), .linkedLibrary("atk_uniffi"), .linkedLibrary("z")]
        ),
    ]
)
