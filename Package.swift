// swift-tools-version: 6.2
import PackageDescription

// Targets stand lowest first; an arrow never points up. `docs/decisions/0003-dependencies.md` gives each dependency its reason.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "muster",
    products: [
        .executable(name: "muster-agent", targets: ["muster-agent"]),
        .executable(name: "muster-collector", targets: ["muster-collector"]),
        .executable(name: "muster", targets: ["muster"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        // C shims: what Swift cannot import by itself, and nothing else.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CNetSNMP", linkerSettings: [.linkedLibrary("netsnmp"), .linkedLibrary("crypto")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl"), .linkedLibrary("crypto")]),
        .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "CTOML", cxxSettings: [.unsafeFlags(["-std=c++17"])]),
        .target(name: "CLinux", linkerSettings: [.linkedLibrary("resolv"), .linkedLibrary("dl")]),

        // Both sides.
        library("Model"),
        library("Wire", ["Model", "CZlib", "CCrypto"]),
        library("TOML", ["CTOML"]),
        library("Outbound", ["CCurl"]),
        library("Terminal", ["CLinux", argumentParser]),

        // The agent.
        library("LinuxSystem", ["Model", "CLinux"]),
        library("SNMP", ["Model", "CNetSNMP"]),
        library("Inventory", ["Model", "LinuxSystem", "CZlib", "CCrypto"]),
        library("HostMetrics", ["Model", "LinuxSystem"]),
        library("Checks", ["Model", "Wire", "CLinux", "LinuxSystem", "Outbound", "TOML"]),
        library("Devices", ["Model", "SNMP", "TOML"]),
        library(
            "AgentRuntime",
            [
                "Model", "Wire", "TOML", "CCrypto", "CLinux", "LinuxSystem", "Outbound", "SNMP", "Inventory",
                "HostMetrics", "Checks", "Devices", logging, serviceLifecycle,
            ]),

        // The collector.
        library("Stores", ["Model"]),
        library("SQLiteStores", ["Model", "Stores", grdb]),
        library("CMDB", ["Model", "Stores", "TOML"]),
        library("Alarms", ["Model", "Stores", "TOML"]),
        library("ServiceDesk", ["Model", "Stores", "TOML"]),
        // What agents are to do: read with the agent's own readers, so that what is taken here can be read there.
        library("Policies", ["Model", "TOML", "Inventory", "HostMetrics", "Checks"]),
        library(
            "Notifications", ["Model", "Wire", "Stores", "TOML", "ServiceDesk", "LinuxSystem", "Outbound"]),
        library("FleetCA", ["Model", "Wire", "Stores", x509, swiftASN1, crypto, cryptoExtras]),
        // What GLPI agents send, as sections of our own.
        library("GLPI", ["Model", "Wire"]),
        library(
            "CollectorServices",
            [
                "Model", "Wire", "Stores", "LinuxSystem", "CMDB", "GLPI", "Alarms", "ServiceDesk", "Notifications",
                "FleetCA", "Policies", "TOML",
                logging, serviceLifecycle,
            ]),
        library(
            "HTTPAPI",
            [
                "Model", "Wire", "Stores", "LinuxSystem", "CMDB", "GLPI", "Alarms", "CollectorServices", "FleetCA",
                "Policies", hummingbird,
                hummingbirdCore, nioCore, nioSSL, nioHTTPTypes, httpTypes, logging, serviceLifecycle,
            ]),
        .target(
            name: "Console",
            dependencies: [
                "Model", "Wire", "TOML", "Stores", "LinuxSystem", "CMDB", "Alarms", "ServiceDesk", "FleetCA",
                "Policies",
                "CollectorServices", "HTTPAPI", mustache, logging,
            ],
            resources: [.embedInCode("Static")], swiftSettings: strict),
        library(
            "CollectorRuntime",
            [
                "Model", "Wire", "TOML", "Stores", "SQLiteStores", "CMDB", "Alarms", "ServiceDesk", "Notifications",
                "FleetCA", "CollectorServices", "HTTPAPI", "Console", "Outbound", "CLinux", "LinuxSystem", hummingbird,
                nioCore, nioPosix, nioSSL, logging, serviceLifecycle, x509, crypto,
            ]),

        // Programs.
        .executableTarget(
            name: "muster-agent",
            dependencies: ["Model", "Terminal", "AgentRuntime", argumentParser], swiftSettings: strict,
            // A quarter of it was exported names, relocations and tables that nothing reads, and code that nothing calls.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-ld-path=\(Context.packageDirectory)/scripts/link-agent", "-Xlinker", "-z",
                        "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic",
                    ], .when(configuration: .release))
            ]),
        .executableTarget(
            name: "muster-collector",
            dependencies: ["Model", "Terminal", "CollectorRuntime", argumentParser], swiftSettings: strict),
        .executableTarget(
            name: "muster",
            dependencies: [
                "Model", "Wire", "TOML", "Outbound", "Terminal", "LinuxSystem", "Alarms", argumentParser,
            ],
            swiftSettings: strict),

        // Tests.
        tests("TOMLTests", ["TOML"]),
        tests("AlarmsTests", ["Model", "Stores", "TOML", "Alarms"]),
        tests("PoliciesTests", ["Model", "Wire", "TOML", "Policies", "AgentRuntime"]),
        tests("ServiceDeskTests", ["Model", "Stores", "TOML", "ServiceDesk"]),
        tests(
            "PipelineTests",
            [
                "Model", "Stores", "SQLiteStores", "Alarms", "ServiceDesk", "Notifications", "CollectorServices",
                "LinuxSystem", logging,
            ]),
        tests("NotificationsTests", ["Model", "Stores", "TOML", "Wire", "ServiceDesk", "Outbound", "Notifications"]),
        // What the SNMP tests share: real agents, the simulator, a responder that misbehaves.
        .target(
            name: "SNMPTestSupport", dependencies: ["Model"], path: "Tests/SNMPTestSupport", swiftSettings: strict),
        tests("SNMPTests", ["Model", "SNMP", "SNMPTestSupport"]),
        .testTarget(
            name: "DevicesTests", dependencies: ["Model", "SNMP", "Devices", "TOML", "SNMPTestSupport"],
            exclude: ["Recordings"], swiftSettings: strict),
        tests("OutboundTests", ["Outbound"]),
        tests("TerminalTests", ["Terminal"]),
        tests("LinuxSystemTests", ["Model", "LinuxSystem"]),
        tests("InventoryTests", ["Model", "LinuxSystem", "Inventory", "HostMetrics"]),
        tests("HostMetricsTests", ["Model", "LinuxSystem", "HostMetrics"]),
        tests("ChecksTests", ["Model", "Wire", "LinuxSystem", "TOML", "Outbound", "Checks"]),

        // Measurements.
        .executableTarget(
            name: "muster-bench",
            dependencies: [
                "Model", "Wire", "Outbound", "CCrypto", "SNMP", "Devices", "Stores", "SQLiteStores", "CMDB", "Alarms",
                argumentParser,
            ],
            path: "Benchmarks/muster-bench", swiftSettings: strict),

        // Parsers that face other people's octets, for scripts/fuzz.
        .executableTarget(
            name: "muster-fuzz",
            dependencies: [
                "Model", "Wire", "TOML", "LinuxSystem", "Inventory", "HostMetrics", "Checks", "Devices", "GLPI",
                "AgentRuntime",
            ],
            path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: strict),

        // Sources that hang, or eat what the budget has: the inventory's worker over these in place of the catalogue's.
        .executableTarget(
            name: "muster-worker-stand-in", dependencies: ["Model", "Inventory", "AgentRuntime"],
            path: "Tests/WorkerStandIn", swiftSettings: strict),

        // Tests.
        tests("ModelTests", ["Model"]),
        tests("WireTests", ["Model", "Wire"]),
        tests(
            "AgentRuntimeTests",
            [
                "Model", "Wire", "TOML", "SNMP", "Devices", "Checks", "LinuxSystem", "AgentRuntime", "SNMPTestSupport",
                "muster-worker-stand-in", logging,
                serviceLifecycle,
            ]),
        tests("FleetCATests", ["Model", "Wire", "FleetCA", x509, swiftASN1, crypto]),
        tests(
            "HTTPAPITests",
            [
                "Model", "Wire", "TOML", "Stores", "SQLiteStores", "LinuxSystem", "FleetCA", "CMDB", "Alarms",
                "ServiceDesk", "Notifications", "CollectorServices", "HTTPAPI", "Outbound", nioCore, nioPosix,
                nioEmbedded,
                nioHTTPTypes,
                nioSSL, httpTypes, logging,
                serviceLifecycle, x509, swiftASN1, crypto,
            ]),
        tests(
            "ConsoleTests",
            [
                "Model", "Wire", "TOML", "Stores", "SQLiteStores", "CMDB", "Alarms", "ServiceDesk", "FleetCA",
                "Notifications", "CollectorServices", "HTTPAPI", "Console", "Outbound", mustache, logging,
            ]),
        tests("StoreConformance", ["Model", "Stores", "SQLiteStores", "CMDB"]),
        tests("SQLiteStoresTests", ["Model", "Stores", "SQLiteStores", grdb]),
        tests("CMDBTests", ["Model", "Stores", "TOML", "CMDB"]),
        tests(
            "IngestTests",
            ["Model", "Wire", "Stores", "SQLiteStores", "LinuxSystem", "CMDB", "CollectorServices", logging]),
        tests("GLPITests", ["Model", "Wire", "GLPI"]),
        tests("MusterTests", ["Model", "Terminal", "muster"]),
        tests(
            "CollectorTests",
            [
                "Model", "Wire", "TOML", "Outbound", "Stores", "SQLiteStores", "FleetCA", "CollectorServices",
                "HTTPAPI",
                "CollectorRuntime", grdb, logging,
            ]),
        // Reads every configuration with both programs' decoders and writes docs/configuration.md.
        tests(
            "ReferenceTests",
            [
                "TOML", "Outbound", "Checks", "Devices", "AgentRuntime", "CMDB", "Alarms", "Policies", "ServiceDesk",
                "CollectorRuntime",
            ]),
    ]
)
