import Utils

/// What was wrong with the images and annotations of a set, file by file.
public struct AnnotationReport: Equatable, Sendable {
  /// What can be wrong.
  public enum Problem: String, CaseIterable, Sendable {
    /// An image without an annotation: it counts as one without defects.
    case missingAnnotation = "missing_annotation"
    /// An annotation that cannot be read: the image counts as one without defects.
    case malformedAnnotation = "malformed_annotation"
    /// An annotation that cannot be read, beside one under another name that can, and is taken.
    case replacedAnnotation = "replaced_annotation"
    /// A row of a table that has too few or too many cells: it is left out.
    case malformedRow = "malformed_row"
    /// An annotation without its image: it is left out.
    case missingImage = "missing_image"
    /// An image that cannot be decoded: it is left out.
    case unreadableImage = "unreadable_image"
    /// A defect whose pixels cannot be drawn: its class counts, its mask is left out.
    case badMask = "bad_mask"
    /// A name that is none of the classes: the object is left out.
    case unknownClass = "unknown_class"

    /// What happened to `count` of them: "2 images cannot be read and are left out".
    func sentence(_ count: Int) -> String {
      func counted(_ one: String, _ many: String) -> String {
        count == 1 ? "1 \(one)" : "\(grouped(count)) \(many)"
      }
      return switch self {
      case .missingAnnotation:
        counted("image has no annotation and counts", "images have no annotation and count")
          + " as without defects"
      case .malformedAnnotation:
        counted(
          "annotation is malformed, and its image counts", "annotations are malformed, and their images count"
        )
          + " as without defects"
      case .replacedAnnotation:
        counted("annotation is malformed, and another of its", "annotations are malformed, and others of their")
          + (count == 1 ? " image is read instead" : " images are read instead")
      case .malformedRow:
        counted("row of the table has", "rows of the table have") + " other cells than its header and "
          + (count == 1 ? "is left out" : "are left out")
      case .missingImage:
        counted("annotation has no image and is", "annotations have no image and are") + " left out"
      case .unreadableImage:
        counted("image cannot be read and is", "images cannot be read and are") + " left out"
      case .badMask: counted("mask is", "masks are") + " left out, of which only the class counts"
      case .unknownClass: counted("object is", "objects are") + " of no known class and left out"
      }
    }
  }

  /// One file and what is wrong with it.
  public struct Finding: Equatable, Sendable {
    /// The kind of fault.
    public let problem: Problem
    /// The file, and why: "the base64 text is damaged".
    public let file, reason: String

    /// A fault of `file`.
    public init(_ problem: Problem, _ file: String, _ reason: String) {
      (self.problem, self.file, self.reason) = (problem, file, reason)
    }
  }

  /// Everything that was found, in the order of the files.
  public var findings: [Finding] = []
  /// How many images are left, and how many objects they show.
  public var imageCount = 0, objectCount = 0

  /// Nothing found.
  public init() {}

  /// How many of each problem there are.
  public func count(_ problem: Problem) -> Int { findings.count { $0.problem == problem } }

  /// A sentence for each problem that occurs, with its first file.
  public var sentences: [String] {
    Problem.allCases.compactMap { problem in
      let found = findings.filter { $0.problem == problem }
      guard let first = found.first else { return nil }
      return problem.sentence(found.count) + ": \(first.file) (\(first.reason))"
        + (found.count > 1 ? " and \(grouped(found.count - 1)) more" : "")
    }
  }

  /// All findings as CSV: problem, file, reason.
  public var csv: String {
    csvText([["problem", "file", "reason"]] + findings.map { [$0.problem.rawValue, $0.file, $0.reason] })
  }

  /// As a run keeps it: images, objects, how many of each problem, and the first 100 findings.
  public var json: JSONValue {
    let counts = Problem.allCases.map { ($0.rawValue, JSONValue.integer(Int64(count($0)))) }
    return [
      "images": .integer(Int64(imageCount)), "objects": .integer(Int64(objectCount)),
      "problems": .object(Dictionary(uniqueKeysWithValues: counts)),
      "findings": .array(
        findings.prefix(100).map {
          [
            "problem": .string($0.problem.rawValue), "file": .string($0.file), "reason": .string($0.reason),
          ]
        }),
    ]
  }
}
