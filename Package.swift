// swift-tools-version: 6.2

import PackageDescription

// The chain of targets reads from the bottom of the house upwards; imports only ever run downwards.
// See the map in README.md.

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// Whether one file is made that needs no other, not even a C library: see `make static`.
let isStatic = Context.environment["XM_SAFE_STATIC"] != nil
/// Debian has no ISA-L that could be linked into one: libdeflate does its work there.
let fastDeflate: [Target.Dependency] = isStatic ? [] : ["CISAL"]

let package = Package(
  name: "xm-safe",
  platforms: [.macOS(.v14)],
  products: [
    .library(name: "XMSafe", targets: ["XMSafe"]),
    .executable(name: "xm-safe", targets: ["XMSafeCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CSQLite",
      pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
    ),
    .systemLibrary(
      name: "CDeflate",
      pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]
    ),
    .systemLibrary(
      name: "CISAL",
      pkgConfig: "libisal",
      providers: [.apt(["libisal-dev"]), .brew(["isa-l"])]
    ),
    .systemLibrary(name: "CSpawn"),

    .systemLibrary(
      name: "CYAML",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
    ),

    .target(name: "Stopping"),
    .target(name: "Processes", dependencies: ["CSpawn", "Stopping"]),
    .target(name: "DurableFiles", dependencies: ["Stopping"]),
    .target(name: "SQLite", dependencies: ["CSQLite", "Stopping"]),
    .target(
      name: "Archive",
      dependencies: fastDeflate + ["CDeflate", "DurableFiles", "Stopping", crypto]
    ),
    .target(
      name: "Snapshots",
      dependencies: ["SQLite", "Archive", "DurableFiles", "Stopping"]
    ),

    .target(name: "YAML", dependencies: ["CYAML"]),
    .target(name: "TOML"),
    .target(name: "Jobs", dependencies: ["Processes", "DurableFiles"]),
    .target(name: "Schedules"),
    .target(name: "DatabaseURLs"),
    .target(name: "Credentials", dependencies: ["DatabaseURLs", "DurableFiles"]),
    .target(name: "PythonPackages", dependencies: ["Processes", "DurableFiles"]),
    .target(
      name: "Servers",
      dependencies: [
        "Snapshots", "Archive", "DatabaseURLs", "DurableFiles", "Processes", "Stopping",
      ]
    ),
    .target(
      name: "AlembicHelper",
      dependencies: ["Processes"],
      resources: [
        .embedInCode("Python/xm_safe_start.py"), .embedInCode("Python/xm_safe_helper.py"),
        .embedInCode("Python/xm_safe_sqlite.py"),
        .embedInCode("Python/xm_safe_postgresql.py"), .embedInCode("Python/xm_safe_mysql.py"),
        .embedInCode("Python/xm_safe_deletions.py"), .embedInCode("Python/xm_safe_rehearsal.py"),
      ]
    ),

    .target(name: "Revisions"),
    .target(name: "Reports", dependencies: ["Jobs", "Revisions", "DurableFiles"]),
    .target(name: "Schema"),
    .target(name: "PythonSyntax"),
    .target(
      name: "AlembicScripts",
      dependencies: [
        "PythonSyntax", "PythonPackages", "TOML", "DatabaseURLs", "Revisions", "Schema",
        "DurableFiles",
      ]
    ),
    .target(
      name: "XManager",
      dependencies: [
        "AlembicScripts", "PythonPackages", "YAML", "DatabaseURLs", "Revisions", "Processes",
        "DurableFiles",
      ]
    ),
    .target(
      name: "Migrations",
      dependencies: [
        "AlembicHelper", "AlembicScripts", "Processes", "Revisions", "Schema", "SQLite", "Stopping",
        logging,
      ]
    ),

    .target(
      name: "Upgrade",
      dependencies: [
        "AlembicScripts", "Migrations", "Snapshots", "Archive", "Revisions", "SQLite",
        "DurableFiles", "Stopping", logging,
      ]
    ),
    .target(
      name: "ServerUpgrades",
      dependencies: [
        "AlembicHelper", "Servers", "DatabaseURLs", "Upgrade", "Snapshots", "Archive", "Revisions",
        "DurableFiles", "Stopping", logging,
      ]
    ),
    .target(
      name: "GuardedCommands",
      dependencies: [
        "Upgrade", "Servers", "Migrations", "Snapshots", "Archive", "SQLite", "Processes",
        "DurableFiles", "Stopping", logging,
      ]
    ),
    .target(
      name: "Diagnosis",
      dependencies: [
        "Upgrade", "Migrations", "AlembicScripts", "Servers", "Snapshots", "Archive", "Revisions",
        "SQLite",
        "DurableFiles", "Stopping", logging,
      ]
    ),
    .target(
      name: "XMSafe",
      dependencies: [
        "GuardedCommands", "Schedules", "Diagnosis", "Upgrade", "Migrations", "AlembicHelper",
        "XManager",
        "AlembicScripts",
        "PythonPackages",
        "ServerUpgrades", "Servers", "Credentials", "DatabaseURLs", "Reports", "Jobs", "Snapshots",
        "Archive",
        "Revisions", "SQLite",
        "DurableFiles", "Processes", "Stopping", logging,
      ]
    ),
    .executableTarget(
      name: "XMSafeCLI",
      dependencies: [
        "XMSafe", "Jobs", "Revisions", "TOML", "DurableFiles", "Stopping", argumentParser, logging,
      ]
    ),

    .target(
      name: "TestKit",
      dependencies: ["SQLite", "DurableFiles"],
      path: "Tests/TestKit"
    ),
    .testTarget(name: "ProcessesTests", dependencies: ["Processes", "Stopping", "TestKit"]),
    .testTarget(name: "DurableFilesTests", dependencies: ["DurableFiles", "TestKit"]),
    .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "Stopping", "TestKit"]),
    .testTarget(name: "ArchiveTests", dependencies: ["Archive", "DurableFiles", "TestKit"]),
    .testTarget(
      name: "SnapshotsTests",
      dependencies: ["Snapshots", "Archive", "SQLite", "DurableFiles", "TestKit", logging]
    ),
    .testTarget(name: "SchedulesTests", dependencies: ["Schedules", "TestKit"]),
    .testTarget(name: "TOMLTests", dependencies: ["TOML", "TestKit"]),
    .testTarget(name: "DatabaseURLsTests", dependencies: ["DatabaseURLs", "TestKit"]),
    .testTarget(
      name: "CredentialsTests",
      dependencies: ["Credentials", "DatabaseURLs", "TestKit"]
    ),
    .testTarget(
      name: "XManagerTests",
      dependencies: [
        "XManager", "AlembicScripts", "PythonPackages", "YAML", "DatabaseURLs", "Revisions",
        "TestKit",
      ]
    ),
    .testTarget(
      name: "ServersTests",
      dependencies: [
        "Servers", "Snapshots", "Archive", "DatabaseURLs", "DurableFiles", "Processes", "TestKit",
      ]
    ),
    .testTarget(name: "RevisionsTests", dependencies: ["Revisions", "TestKit"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "Jobs", "TestKit"]),
    .testTarget(name: "SchemaTests", dependencies: ["Schema"]),
    .testTarget(name: "PythonSyntaxTests", dependencies: ["PythonSyntax"]),
    .testTarget(
      name: "AlembicScriptsTests",
      dependencies: ["AlembicScripts", "DatabaseURLs", "Revisions", "Schema", "TestKit"]
    ),
    .testTarget(
      name: "MigrationsTests",
      dependencies: [
        "Migrations", "AlembicScripts", "Revisions", "Schema", "SQLite", "TestKit", logging,
      ]
    ),
    .testTarget(
      name: "UpgradeTests",
      dependencies: [
        "Upgrade", "AlembicScripts", "Migrations", "Snapshots", "Archive", "Revisions", "SQLite",
        "DurableFiles", "Stopping", "TestKit", logging,
      ]
    ),
    .testTarget(
      name: "GuardedCommandsTests",
      dependencies: [
        "GuardedCommands", "Migrations", "Processes", "Snapshots", "Archive", "SQLite",
        "DurableFiles", "Stopping", "TestKit", logging,
      ]
    ),
    .testTarget(
      name: "XMSafeCLITests",
      dependencies: [
        "XMSafeCLI", "XMSafe", "Jobs", "SQLite", "TestKit", argumentParser, logging,
      ]
    ),
  ],
  swiftLanguageModes: [.v6]
)

// `make fuzz` builds everything anew, with coverage and a check on every address: see Fuzz/README.md.
if Context.environment["XM_SAFE_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "FuzzHarness",
      dependencies: [
        "Archive", "AlembicScripts", "DatabaseURLs", "Migrations", "PythonSyntax", "Schema",
        "SQLite",
        "DurableFiles", crypto, logging,
      ],
      path: "Fuzz/Harness"
    )
  )
}

/// The targets that call C and so handle raw pointers; all others are built with strict memory safety.
let callsC: Set<String> = [
  "Processes", "YAML", "DurableFiles", "SQLite", "Archive", "TestKit", "FuzzHarness",
]

for target in package.targets where target.type != .system {
  var settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  if target.type != .test && !callsC.contains(target.name) {
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
    settings.append(.strictMemorySafety())
  }
  target.swiftSettings = settings
}
