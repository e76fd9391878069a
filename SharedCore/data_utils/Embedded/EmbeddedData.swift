import Engine
import Utils

/// The published tables that are compiled into the program, so that learning starts without a network.
public enum EmbeddedData {
  /// 150 iris flowers, four measurements in cm, three species of 50 (Fisher 1936).
  public static func iris() -> Dataset { measurements("iris", label: "species") }

  /// 178 wines, thirteen chemical measurements, three cultivars (Aeberhard and Forina 1991).
  public static func wine() -> Dataset { measurements("wine", label: "cultivar") }

  /// 569 tumours, thirty measurements of cell nuclei each, 0 malignant (212) or 1 benign (357) (Wolberg 1993).
  public static func breastCancer() -> Dataset { measurements("breast-cancer", label: "diagnosis") }

  /// 1797 handwritten digits of 8 x 8 pixels from 0 to 16, here as bytes of maximum 16 (Alpaydin and Kaynak 1998).
  public static func digits() -> Dataset {
    Resource.table("digits.csv") { table in
      let pixels = try table.texts("pixels").flatMap(\.utf8).map { character in
        character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
      }
      return Dataset(
        name: "digits", sampleShape: [1, 8, 8], features: .bytes(pixels, maximum: 16),
        labels: try table.numbers("digit").map { Int32($0) }, classNames: (0...9).map(String.init),
        licence: table.comment("Licence") ?? "", citation: table.comment("Citation") ?? "")
    }
  }

  /// 342 penguins of three species, three lengths in mm and the body mass in g (Gorman 2014).
  ///
  /// The two of 344 rows without measurements are left out and counted in `omittedRowCount`; rows that lack only the
  /// sex stay, for the sex is not used.
  public static func penguins() -> Dataset {
    Resource.table("penguins.csv") { table in
      let names = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
      let columns = try names.map { try table.numbers($0, missing: ["NA"]) }
      let complete = (0..<table.rowCount).filter { row in columns.allSatisfy { $0[row] != nil } }
      let species = try table.texts("species")
      let (classNames, labels) = classes(of: complete.map { species[$0] })
      return Dataset(
        name: "penguins", sampleShape: [names.count],
        features: .floats(complete.flatMap { row in columns.compactMap { $0[row] } }), labels: labels,
        classNames: classNames, featureNames: names, licence: table.comment("Licence") ?? "",
        citation: table.comment("Citation") ?? "", omittedRowCount: table.rowCount - complete.count)
    }
  }

  /// A table whose columns are all measurements but the last, which holds the class.
  private static func measurements(_ name: String, label: String) -> Dataset {
    Resource.table("\(name).csv") { table in
      let names = table.columns.filter { $0 != label }
      let columns = try names.map { try table.numbers($0) }
      let (classNames, labels) = classes(of: try table.texts(label))
      return Dataset(
        name: name, sampleShape: [names.count],
        features: .floats((0..<table.rowCount).flatMap { row in columns.map { $0[row] } }), labels: labels,
        classNames: classNames, featureNames: names, licence: table.comment("Licence") ?? "",
        citation: table.comment("Citation") ?? "")
    }
  }

  /// Class names in order of first appearance, and the class of each row.
  private static func classes(of texts: [String]) -> (names: [String], labels: [Int32]) {
    var names: [String] = []
    var labels: [Int32] = []
    for text in texts {
      let known = names.firstIndex(of: text)
      if known == nil { names.append(text) }
      labels.append(Int32(known ?? names.count - 1))
    }
    return (names, labels)
  }
}
