import DataUtils
import Foundation
import Utils

/// The table `train.csv` of the Severstal competition: a row for each class of an image, its pixels as run lengths.
///
/// Both forms are read: `ImageId,ClassId,EncodedPixels`, where images without defects have no row, and the older
/// `ImageId_ClassId,EncodedPixels`, where each image has a row a class and empty cells.
public struct KaggleTable: Sendable {
  private struct Row {
    let classNumber: String
    let pixels: String
  }

  /// What the table was read from.
  public let file: String
  /// The images that have a row, in the order of their names.
  public var imageNames: [String] { rows.keys.sorted() }
  /// The lines that have other cells than the header, and are left out.
  public let malformedLines: [Int]
  private let rows: [String: [Row]]

  /// Reads the table at `url`; throws a `LabError` when it has other columns.
  public init(contentsOf url: URL) throws {
    let table = try CSVTable(contentsOf: url, leavingOutRagged: true)
    malformedLines = table.raggedLines
    let pixels = try table.texts("EncodedPixels")
    let images: [String]
    let classes: [String]
    if table.columns.contains("ImageId_ClassId") {
      let parts = try table.texts("ImageId_ClassId").map { name in
        guard let bar = name.lastIndex(of: "_") else {
          throw LabError(
            .data, "\(table.file) has \(name.quoted) where an image and a class belong, as in abc.jpg_1",
            remedy: "correct the table")
        }
        return (String(name[..<bar]), String(name[name.index(after: bar)...]))
      }
      (images, classes) = (parts.map(\.0), parts.map(\.1))
    } else {
      (images, classes) = (try table.texts("ImageId"), try table.texts("ClassId"))
    }
    file = url.lastPathComponent
    var rows: [String: [Row]] = [:]
    for ((image, classNumber), pixels) in zip(zip(images, classes), pixels) {
      var known = rows[image] ?? []
      if !pixels.isEmpty { known.append(Row(classNumber: classNumber, pixels: pixels)) }
      rows[image] = known
    }
    self.rows = rows
  }

  /// The text of a table of `images`, each with its name and its mask; `classes` numbers the defects from 1.
  static func text(of images: [(name: String, mask: RegionMask)], classes: DefectClasses) -> String {
    var text = "ImageId,ClassId,EncodedPixels\n"
    for (name, mask) in images {
      for (number, label) in classes.defects.enumerated() where mask.pixelCounts[label] != nil {
        text += "\(name),\(number + 1),\(RunLengthCode.text(mask, label: label))\n"
      }
    }
    return text
  }

  /// What the rows of the image called `name` say; none means that it has no defect.
  func annotation(of name: String, height: Int, width: Int, classes: DefectClasses)
    -> AnnotationSource.Annotation
  {
    var annotation = AnnotationSource.Annotation(mask: RegionMask(height: height, width: width))
    guard let rows = rows[name], !rows.isEmpty else { return annotation }
    var map = [UInt8](repeating: 0, count: height * width)
    for row in rows {
      guard let label = classes.defect(titled: "defect_\(row.classNumber)") else {
        annotation.findings.append(
          .init(.unknownClass, file, "\(name) has the class \(row.classNumber.quoted)"))
        continue
      }
      annotation.present.insert(label)
      annotation.objectCount += 1
      // A row is drawn as a whole or not at all.
      var drawn = map
      do throws(Fault) {
        try RunLengthCode.paste(
          row.pixels, into: &drawn, height: height, width: width, value: UInt8(label + 1))
        map = drawn
      } catch {
        annotation.findings.append(
          .init(.badMask, file, "\(name), class \(row.classNumber): \(error.reason)"))
      }
    }
    annotation.mask = RegionMask(map: map, height: height, width: width)
    return annotation
  }
}
