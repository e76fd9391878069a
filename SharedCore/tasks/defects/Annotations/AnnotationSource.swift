import DataUtils
import Foundation
import Utils

/// Where the annotations of a set lie: a folder of Supervisely's JSON, or Kaggle's table of run lengths.
public enum AnnotationSource: Sendable {
  /// `<image file>.json`, else `<image stem>.json`.
  case folder(URL)
  /// `train.csv`.
  case table(KaggleTable)

  /// The source at `url`: a table where its name ends in `.csv`, else a folder.
  public init(at url: URL) throws {
    if url.pathExtension.lowercased() == "csv" {
      self = .table(try KaggleTable(contentsOf: url))
      return
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
      throw LabError(
        .data, "\(url.relativePath) is no folder of annotations",
        remedy: "name the folder of the JSON files, or a train.csv")
    }
    self = .folder(url)
  }

  /// What is known of one image.
  struct Annotation: Sendable {
    /// The defects it shows.
    var present: Set<Int> = []
    /// How many objects these are.
    var objectCount = 0
    /// Where they are.
    var mask: RegionMask
    /// What was wrong.
    var findings: [AnnotationReport.Finding] = []
  }

  /// The annotation of the image called `name`, which has `height` x `width` pixels.
  func annotation(of name: String, height: Int, width: Int, classes: DefectClasses) -> Annotation {
    switch self {
    case .folder(let url): folderAnnotation(in: url, of: name, height: height, width: width, classes: classes)
    case .table(let table): table.annotation(of: name, height: height, width: width, classes: classes)
    }
  }

  /// The annotations for which there is no image among `names`: files, or rows of a table.
  func withoutImage(_ names: Set<String>) -> [String] {
    switch self {
    case .folder(let url):
      let stems = Set(names.map { ($0 as NSString).deletingPathExtension })
      let files = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
      return files.filter { file in
        let owner = (file as NSString).deletingPathExtension
        return file.hasSuffix(".json") && !file.hasPrefix(".") && !names.contains(owner)
          && !stems.contains(owner)
      }.sorted()
    case .table(let table): return table.imageNames.filter { !names.contains($0) }
    }
  }

  /// What is wrong with the source itself, and not with what it says of one image.
  var findings: [AnnotationReport.Finding] {
    guard case .table(let table) = self else { return [] }
    return table.malformedLines.map { .init(.malformedRow, table.file, "line \($0)") }
  }

  private func folderAnnotation(
    in folder: URL, of name: String, height: Int, width: Int, classes: DefectClasses
  ) -> Annotation {
    var annotation = Annotation(mask: RegionMask(height: height, width: width))
    let names = ["\(name).json", "\((name as NSString).deletingPathExtension).json"]
    for file in names {
      let url = folder.appending(path: file)
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      do {
        let read = try SuperviselyAnnotation(InputFile.read(url))
        annotation.draw(read, file: file, height: height, width: width, classes: classes)
        for place in annotation.findings.indices
        where annotation.findings[place].problem == .malformedAnnotation {
          let fault = annotation.findings[place]
          annotation.findings[place] = .init(.replacedAnnotation, fault.file, fault.reason)
        }
        return annotation
      } catch {
        let reason = (error as? Fault)?.reason ?? (error as? LabError)?.cause ?? "it cannot be read"
        annotation.findings.append(.init(.malformedAnnotation, file, reason))
      }
    }
    if annotation.findings.isEmpty {
      annotation.findings.append(.init(.missingAnnotation, name, "there is no \(names[0])"))
    }
    return annotation
  }
}

extension AnnotationSource.Annotation {
  /// Sets what `read`, the content of `file`, says; masks that cannot be drawn are left out and listed.
  fileprivate mutating func draw(
    _ read: SuperviselyAnnotation, file: String, height: Int, width: Int, classes: DefectClasses
  ) {
    var map = [UInt8](repeating: 0, count: height * width)
    for object in read.objects {
      guard let label = classes.defect(titled: object.title) else {
        findings.append(.init(.unknownClass, file, "an object is called \(object.title.quoted)"))
        continue
      }
      present.insert(label)
      objectCount += 1
      do throws(Fault) {
        guard read.height == height, read.width == width else {
          throw Fault(
            "it is of an image of \(read.height) x \(read.width), and this one has \(height) x \(width)")
        }
        try object.bitmap.get().paste(into: &map, height: height, width: width, value: UInt8(label + 1))
      } catch {
        findings.append(.init(.badMask, file, error.reason))
      }
    }
    mask = RegionMask(map: map, height: height, width: width)
  }
}
