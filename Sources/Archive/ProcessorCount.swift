internal import FoundationEssentials

/// How many cores there are to work on.
enum ProcessorCount {
  /// The cores that are online.
  static let online = ProcessInfo.processInfo.activeProcessorCount
}
