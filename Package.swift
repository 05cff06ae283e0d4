// swift-tools-version: 6.2
import PackageDescription

// The instruction set that the numeric code is built for. `native` takes what the building machine
// has; `WINNOW_CPU=x86-64-v3 swift build -c release` builds a binary that runs on any CPU with AVX2.
let cpu = Context.environment["WINNOW_CPU"] ?? "native"

#if arch(x86_64)
let instructionSet = ["-Xcc", "-march=\(cpu)"]
#else
let instructionSet = ["-Xcc", "-mcpu=\(cpu)"]
#endif

/// Numeric code: unchecked and for the CPU at hand, in debug builds too (a test that trains a network
/// with bounds checks and no inlining takes minutes instead of a second).
let numeric: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"] + instructionSet)]

/// For the CPU at hand too, but with all checks: what reads files lies there as well.
let checked: [SwiftSetting] = [.unsafeFlags(instructionSet)]

/// Tests that compute next to nothing themselves, in release builds too: optimizing them takes minutes. In batches of files,
/// one for each core, where a whole module is read by one alone.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Onone", "-no-whole-module-optimization", "-enable-batch-mode"])]

let package = Package(
    name: "winnow",
    products: [
        .executable(name: "winnow", targets: ["winnow"]),
        // For the tests, which load it into the command.
        .library(name: "CheckpointStops", type: .dynamic, targets: ["CheckpointStops"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // The C libraries.
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        // Which libhdf5 needs as well.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // One wing: numbers. What one module has for another is `package`; but Compute's is `public`, which is
        // what the compiler inlines into other modules.
        .target(name: "CClosures"),
        .target(name: "CKernelChoice"),
        .target(name: "CThreads"),
        .target(name: "Compute", dependencies: ["CClosures", "CKernelChoice", "COpenBLAS", "CThreads"],
                swiftSettings: numeric),
        // Errors of the codecs leave by longjmp, which must end in C.
        .target(name: "CImageCodecs", dependencies: ["CJPEG", "CPNG", "CWebP"]),
        .target(name: "Images", dependencies: [
            "Compute", "CImageCodecs", "CPNG", "CZlib", .product(name: "SystemPackage", package: "swift-system"),
        ], swiftSettings: checked),
        .target(name: "Networks", dependencies: ["Compute", "Images"], swiftSettings: numeric),
        .target(name: "Attacks", dependencies: ["Compute", "Images", "Networks"]),
        .target(name: "Detection", dependencies: ["Compute", "Images", "Networks"]),
        .target(name: "Defenses", dependencies: ["Compute", "Detection", "Images", "Networks"]),
        .target(name: "ONNX", dependencies: [
            "Images", "Networks", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        ], exclude: ["Definitions"]),

        // The other wing: files.
        .target(name: "HDF5", dependencies: [
            "CHDF5", .product(name: "SystemPackage", package: "swift-system"),
        ]),
        .target(name: "Pipelines", dependencies: [
            "CCrypto", "HDF5",
            .product(name: "HeapModule", package: "swift-collections"),
            .product(name: "SystemPackage", package: "swift-system"),
        ]),

        // Beside both: metrics and tables, values in, text out.
        .target(name: "Reports"),

        // Where they meet.
        .target(name: "Stages", dependencies: [
            "Compute", "Images", "Networks", "Attacks", "Detection", "Defenses", "ONNX", "HDF5", "Pipelines",
            "Reports",
        ]),
        .executableTarget(name: "winnow", dependencies: [
            "Compute", "HDF5", "Images", "Pipelines", "Reports", "Stages",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),

        // The command with faults at will, for tests of what a crash leaves.
        .executableTarget(name: "FaultyWinnow", dependencies: [
            "Compute", "Pipelines", "Stages", .product(name: "SystemPackage", package: "swift-system"),
        ], path: "Tests/FaultyWinnow"),

        // Lets the command stop whenever it has saved a checkpoint, for tests that strike it just then.
        .target(name: "CheckpointStops", path: "Tests/CheckpointStops", publicHeadersPath: "."),

        // A count of allocations, for the benchmarks and the tests: a program that has it in it has the
        // allocator's functions in front of the C library's.
        .target(name: "CAllocations"),
        .target(name: "Allocations", dependencies: ["CAllocations", "Compute"]),

        .executableTarget(name: "Benchmarks", dependencies: [
            "Allocations", "Compute", "Images", "Networks",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], exclude: ["Peers"]),

        // What the tests of two or more targets use.
        .target(name: "TestSupport", dependencies: [
            "Compute", "Images", "HDF5", .product(name: "SystemPackage", package: "swift-system"),
        ], path: "Tests/TestSupport"),

        .testTarget(name: "ComputeTests", dependencies: ["Compute"]),
        .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "TestSupport"], swiftSettings: unoptimized),
        .testTarget(name: "ImagesTests", dependencies: ["Images", "HDF5", "TestSupport"],
                    exclude: ["Fixtures"], swiftSettings: unoptimized),
        .testTarget(name: "AttacksTests", dependencies: [
            "Attacks", "Compute", "Images", "Networks", "TestSupport",
        ], swiftSettings: unoptimized),
        .testTarget(name: "NetworksTests", dependencies: [
            "Allocations", "Compute", "Images", "Networks", "HDF5",
        ], exclude: ["Fixtures"]),
        .testTarget(name: "DetectionTests", dependencies: [
            "Compute", "Detection", "Images", "Networks", "TestSupport",
        ], exclude: ["Fixtures"], swiftSettings: unoptimized),
        .testTarget(name: "DefensesTests", dependencies: [
            "Compute", "Defenses", "Detection", "HDF5", "Images", "Networks", "TestSupport",
        ], exclude: ["Fixtures"], swiftSettings: unoptimized),
        .testTarget(name: "ONNXTests", dependencies: [
            "Compute", "Images", "Networks", "ONNX", "TestSupport",
            .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        ], exclude: ["Fixtures"]),
        .testTarget(name: "ReportsTests", dependencies: [
            "Reports", "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
        ], exclude: ["Golden"], swiftSettings: unoptimized),
        .testTarget(name: "PipelinesTests", dependencies: ["Pipelines", "HDF5", "TestSupport"],
                    exclude: ["Golden"], swiftSettings: unoptimized),
        .testTarget(name: "WinnowTests", dependencies: [
            "Compute", "Images", "Networks", "ONNX", "Stages", "Pipelines", "HDF5", "TestSupport", "winnow",
            "FaultyWinnow",
            .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        ], exclude: ["Golden"], swiftSettings: unoptimized),
    ],
    swiftLanguageModes: [.v6]
)
