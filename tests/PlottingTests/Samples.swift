import CCairo
import Foundation

@testable import Plotting

/// Figures that the tests draw: usual data and data that are hard to draw.
enum Samples {
  static let ordinary: [(name: String, figure: any Figure)] = [
    ("lines", lines), ("regions", regions(classes: 3)), ("confusion", confusion(classes: 10)),
    ("weights", weights), ("bars", bars), ("points", points), ("roc", roc), ("sheet", sheet),
    ("bands", bands), ("surface", surface), ("signs", signs), ("images", images),
    ("coordinates", coordinates),
  ]

  static let ugly: [(name: String, figure: any Figure)] = [
    ("one point", chart([Series("p", [0.5])])),
    ("constant", chart([Series("c", [1e-5, 1e-5, 1e-5])])),
    ("no series", chart([])),
    ("empty series", chart([Series("none", []), Series("not a number", [.nan, .infinity])])),
    ("huge and tiny", chart([Series("h", [1e308, -1e308, .infinity, 0]), Series("t", [1e-300, 2e-300])])),
    ("offset", chart([Series("o", [123456.001, 123456.002, 123456.0045], from: 1_000_000)])),
    ("thirty series", chart((0..<30).map { Series("\(long) \($0)", [Double($0), 3, .nan, -5]) })),
    ("logarithmic", logarithmic),
    ("thirty classes", regions(classes: 30)),
    ("two classes in one matrix", confusion(classes: 2)),
    ("thirty classes in one matrix", confusion(classes: 30)),
    ("hundred classes in one matrix", confusion(classes: 100)),
    (
      "large counts",
      ConfusionMatrixFigure(title: "c", counts: [[.max / 4, 0], [0, 0]], classNames: ["a", long])
    ),
    (
      "weights that are not numbers",
      WeightImages(title: "w", images: [.init(long, values: [.nan, 0], width: 2)])
    ),
    ("no weights", WeightImages(title: "none", images: [])),
    (
      "many weights",
      WeightImages(title: "k", images: (0..<64).map { .init("\(long) \($0)", values: [1], width: 1) })
    ),
    ("many bars", manyBars),
    ("no bars", BarChart(title: "none", yLabel: "y", categories: [], groups: [])),
    ("no points", ScatterChart(title: "none", xLabel: "x", yLabel: "y", items: [])),
    ("many points in one place", manyPoints),
    ("no curves", ROCFigure(title: "none", curves: [])),
    ("no frames", ContactSheet(title: "none", frames: [])),
    (
      "a surface that is not finite",
      HeatMap(
        title: "h", xLabel: long + long, yLabel: long + long, valueLabel: long + long, xRange: 0...1e-9,
        yRange: -1e9...1e9, values: [.nan, .infinity, -1, 1], width: 2, scale: .logarithmic,
        paths: [Series(long, xs: [], ys: []), Series("gone", xs: [.nan, 9], ys: [0, 0])])
    ),
    (
      "a flat surface",
      HeatMap(
        title: "flat", xLabel: "x", yLabel: "y", valueLabel: "v", xRange: 0...1, yRange: 0...1, values: [3],
        width: 1)
    ),
    ("no axes", ParallelCoordinates(title: "none", axes: [], merits: [])),
    ("axes of one value and of many words", crowded),
    ("no images", ImageGrid(title: "none", images: [nil, nil])),
    (
      "many images with long names",
      ImageGrid(
        title: long, subtitle: long + long,
        images: (0..<60).map { .init([long, long], values: [0, 0.5], channels: 1, width: $0 % 2 + 1) },
        columns: 12, rowNames: [long, long, "c", "d", "e"], key: .init(.heat, ends: ("-1e-9", "1000000000")))
    ),
    (
      "strange text",
      chart([Series("a\u{0}b\nc\u{FFFF} <&> \"é\u{301}日本\"", [1, 2])], title: "<t> & \u{1}\u{FFFE}")
    ),
  ]

  static let long = "a name that is much longer than anybody would have liked it to be"

  static func chart(_ series: [Series], title: String = "accuracy by epoch") -> LineChart {
    LineChart(title: title, xLabel: "epoch", yLabel: "accuracy", series: series)
  }

  static let lines = LineChart(
    title: "accuracy by epoch", xLabel: "epoch", yLabel: "accuracy",
    series: [Series("train", [0.5, 0.7, 0.9, 0.95]), Series("validation", [0.5, 0.6, .nan, 0.85])],
    references: [ReferenceLine(0.9, "expected")])

  static let logarithmic = LineChart(
    title: long + long + long, xLabel: long + long + long, yLabel: long + long + long,
    series: [Series("s", xs: [1e-9, 1e-3, 0, -1, 100], ys: [1e-8, 0, -1, .nan, 1e12])], xScale: .logarithmic,
    yScale: .logarithmic)

  static func regions(classes: Int) -> DecisionRegions {
    let examples = (0..<60).map { index in
      DecisionRegions.Example(
        x: index == 7 ? .nan : Double(index) / 10, y: Double(index * 37 % 60) / 20, label: index % classes,
        isMisclassified: index % 9 == 0)
    }
    return DecisionRegions(
      title: "regions", subtitle: "epoch 3", xLabel: "petal length (cm)", yLabel: "petal width (cm)",
      xRange: 0...6, yRange: 0...3, classNames: (0..<classes).map { "class \($0)" }, examples: examples
    ) { points in
      points.map { point in
        let place = (point.x + sin(point.y * 3) + 1) / 8
        return min(classes - 1, Int(place * Double(classes)))
      }
    }
  }

  static func confusion(classes: Int) -> ConfusionMatrixFigure {
    let counts = (0..<classes).map { row in
      (0..<classes).map { column in row == column ? 90 : row == 1 ? 0 : (row * 31 + column * 17) % 5 }
    }
    let names = (0..<classes).map { $0 % 7 == 1 ? "\(long) \($0)" : "class \($0)" }
    return ConfusionMatrixFigure(title: "confusion", counts: counts, classNames: names)
  }

  static let weights = WeightImages(
    title: "templates",
    images: (0..<10).map { digit in
      let values = (0..<64).map { (index: Int) -> Float in Float((index - 30) * digit) }
      return WeightImages.Image("digit \(digit)", values: values, width: 8)
    })

  static let bars = BarChart(
    title: "F1 by class", yLabel: "F1", categories: ["setosa", "versicolor", "virginica"],
    groups: [
      .init("ours", [1, 0.93, 0.92], errors: [0, 0.02, 0.03]), .init("published", [1, 0.95, 0.94]),
    ],
    references: [ReferenceLine(0.9, "expected")])

  static let manyBars = BarChart(
    title: "bars", yLabel: "change", categories: (0..<40).map { "\(long) \($0)" },
    groups: [
      .init("a", (0..<40).map { (index: Int) -> Double in index == 3 ? .nan : Double(index * 37 % 40 - 20) })
    ])

  static let points = ScatterChart(
    title: "accuracy by parameters", xLabel: "parameters", yLabel: "accuracy",
    items: [
      .init("Perceptron", x: 7850, y: 0.86, error: 0.01), .init("Adaline", x: 7850, y: 0.85),
      .init("LeNet-5", x: 61_706, y: 0.99), .init("ResNet", x: 270_000, y: 0.992, error: 0.002),
    ], xScale: .logarithmic)

  static let manyPoints = ScatterChart(
    title: long, xLabel: long, yLabel: long,
    items: (0..<60).map { index in
      .init("\(long) \(index)", x: index == 3 ? .nan : 1998, y: index == 4 ? .infinity : 0.5, error: 0.1)
    })

  static let roc = ROCFigure(
    title: "ROC",
    curves: [
      .init("malignant", falsePositiveRates: [0, 0.1, 1], truePositiveRates: [0, 0.8, 1], area: 0.85),
      .init("perfect", falsePositiveRates: [0, 0, 1], truePositiveRates: [0, 1, 1], area: 1),
    ])

  static let bands = LineChart(
    title: "accuracy by width, three seeds", xLabel: "hidden units", yLabel: "accuracy",
    series: [
      Series("tanh", xs: [1, 2, 3, 4], meanOf: [[0.5, 0.7, 0.8, 0.9], [0.6, 0.7, 0.9, 0.9]]),
      Series("sigmoid", xs: [1, 2, 3, 4], ys: [0.5, .nan, 0.7, 0.8], deviations: [0.1, 0.1, 0.6, .nan]),
    ])

  /// A valley with a way down into it.
  static let surface = HeatMap(
    title: "mean squared error", subtitle: "noisy-linear", xLabel: "weight 1", yLabel: "weight 2",
    valueLabel: "error", xRange: -2...2, yRange: -2...2,
    values: DecisionRegions.centers(x: -2...2, y: -2...2, resolution: 40).map {
      0.01 + 3 * $0.x * $0.x + ($0.y - $0.x) * ($0.y - $0.x)
    }, width: 40, scale: .logarithmic,
    paths: [
      Series("batch", xs: [-1.5, -0.5, -0.1, 0], ys: [1.5, 0.5, 0.2, 0]),
      Series("sample by sample", xs: [1.5, -0.5, 0.3, 0], ys: [1.5, 0.5, -0.2, 0]),
    ])

  static let signs = HeatMap(
    title: "unit 1", xLabel: "x1", yLabel: "x2", valueLabel: "answer", xRange: 0...6, yRange: 0...3,
    values: DecisionRegions.centers(x: 0...6, y: 0...3, resolution: 30).map { tanh($0.x - 2 * $0.y) },
    width: 30, colors: .diverging)

  static let images = ImageGrid(
    title: "the worst mistakes", subtitle: "2 of 9",
    images: [
      .init(["is 4", "said 9, 91 %"], values: [0, 0.5, 1, 0.25], channels: 1, width: 2), nil,
      .init(["cat"], values: [1, 0, 0, 0.5, 0, 1], channels: 3, width: 2),
    ], columns: 2, rowNames: ["right", "wrong"], key: .init(.heat, ends: ("least", "most")))

  static let coordinates: ParallelCoordinates = {
    let runs = Array(0..<60)
    let shares: [Double] = runs.map { Double($0 * 13 % 60) / 60 }
    let rates: [Double] = runs.map { pow(10, -Double($0 * 7 % 60) / 15) }
    return ParallelCoordinates(
      title: "val_accuracy by settings", subtitle: "a line for each of 60 runs",
      axes: [
        .init("learning_rate", rates, isLogarithmic: true),
        .init("batch_size", words: ["16", "32", "64"], places: runs.map { $0 % 3 }),
        .init("momentum", shares), .init("val_accuracy", shares.map { 0.5 + $0 / 2 }),
      ], merits: runs.map { $0 == 7 ? .nan : shares[$0] })
  }()

  static let crowded: ParallelCoordinates = {
    let words = (0..<90).map { "\(long) \($0)" }
    let narrow = (0..<9).map { place in
      ParallelCoordinates.Axis("\(long) \(place)", [1e-9, 1e9, 1], isLogarithmic: true)
    }
    return ParallelCoordinates(
      title: long, subtitle: long,
      axes: [
        .init(long, [3, 3, .nan]), .init(long + long, words: words, places: [0, 9, 89]),
        .init("none", [.nan, .infinity, .nan], isLogarithmic: true),
      ] + narrow, merits: [0, .nan, 2])
  }()

  static let sheet = ContactSheet(
    title: "by epoch", frames: (1...5).map { .init(regions(classes: $0), caption: "after epoch \($0)") })
}

/// A fresh folder that is gone after `body`.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plotting-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Width and colours (0x00RRGGBB, of every eleventh pixel) of a PNG file, decoded by cairo; nil if it cannot be read.
func pixels(of url: URL) -> (width: Int, colors: Set<UInt32>)? {
  let surface = cairo_image_surface_create_from_png(url.path)
  defer { cairo_surface_destroy(surface) }
  guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
    let bytes = cairo_image_surface_get_data(surface)
  else { return nil }
  let words = Int(cairo_image_surface_get_stride(surface) / 4 * cairo_image_surface_get_height(surface))
  let colors = bytes.withMemoryRebound(to: UInt32.self, capacity: words) { memory in
    Set(stride(from: 0, to: words, by: 11).map { memory[$0] & 0xFFFFFF })
  }
  return (Int(cairo_image_surface_get_width(surface)), colors)
}
