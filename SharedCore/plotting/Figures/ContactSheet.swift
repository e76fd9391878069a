import Foundation
import Utils

/// Many small pictures on one sheet, and the same pictures one after another: a run by epoch.
///
/// Of more frames than `mostFrames`, as many are shown, evenly chosen with the first and the last among them.
public struct ContactSheet: Figure {
  /// One picture.
  public struct Frame: Sendable {
    /// The picture.
    public var figure: any Figure
    /// What stands below it.
    public var caption: String

    /// A picture with its caption.
    public init(_ figure: any Figure, caption: String) {
      self.figure = figure
      self.caption = caption
    }
  }

  /// How many frames a sheet or an animation shows at most.
  public static let mostFrames = 40

  /// The heading.
  public var title: String
  /// The pictures that are shown, in order.
  public let frames: [Frame]
  /// Pictures a row.
  public let columns: Int

  /// A sheet of `frames` in rows of `columns`.
  public init(title: String, frames: [Frame], columns: Int = 3) {
    require(columns > 0, "\(columns) columns")
    self.title = title
    self.columns = max(1, min(columns, frames.count))
    let last = frames.count - 1
    let count = min(frames.count, ContactSheet.mostFrames)
    self.frames = count < frames.count ? (0..<count).map { frames[$0 * last / (count - 1)] } : frames
  }

  /// 10 inches wide, and as high as the rows need.
  public var size: FigureSize {
    let rows = Double((frames.count + columns - 1) / columns)
    let width = 10.0 / Double(columns)
    let tallest = frames.map { $0.figure.size.height / $0.figure.size.width }.max() ?? 0.6
    return FigureSize(width: 10, height: max(1, rows * (width * tallest + 0.25) + 0.6))
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title)
    if let first = frames.first?.figure as? any Thumbnail { canvas.legend(first.legend, in: &frame) }
    guard !frames.isEmpty else {
      canvas.text("no frames to show", frame.center, .center, .label)
      return
    }
    let grid = TileGrid(count: frames.count, in: frame, columns: columns, aspect: 1, caption: 16)
    for (index, shown) in frames.enumerated() {
      var tile = grid.rect(index).inset(by: 2)
      let caption = tile.takeBottom(grid.caption)
      canvas.text(shown.caption, caption.center, .center, .note, maxLength: caption.width)
      canvas.rectangle(tile, stroke: Stroke(.gray(0.8), width: 0.5))
      // Type at three fifths can still be read; figures lay themselves out for the room that this leaves.
      canvas.scaled(by: columns == 1 ? 1 : 0.6, into: tile) {
        if let small = shown.figure as? any Thumbnail {
          small.drawThumbnail(on: canvas)
        } else {
          shown.figure.draw(on: canvas)
        }
      }
    }
  }

  /// Writes `<name>.svg`, which shows one frame after the other for `secondsPerFrame` each, for ever; the last
  /// stays three times as long, and is the one a viewer without animation shows.
  ///
  /// Throws a `LabError` that names the file when it cannot be written.
  @discardableResult
  public func writeAnimation(to folder: URL, named name: String, secondsPerFrame: Double = 0.5) throws -> URL
  {
    let documents = try frames.enumerated().map { index, frame in
      try SVGDocument(of: CaptionedFigure(frame: frame), prefix: "f\(index)-")
    }
    let animation = SVGAnimation(title: title, frames: documents, secondsPerFrame: secondsPerFrame)
    return try writeFile(animation.bytes, to: folder, named: "\(name).svg")
  }
}

/// A figure that can be drawn small among others of its kind: no heading, no labels, one legend for all of them.
protocol Thumbnail: Figure {
  /// What the legend of all of them says.
  var legend: [LegendEntry] { get }

  /// Draws the figure without its surroundings into the bounds of `canvas`.
  func drawThumbnail(on canvas: Canvas)
}

/// A frame at full size with its caption below.
private struct CaptionedFigure: Figure {
  let frame: ContactSheet.Frame

  var title: String { frame.caption }
  var size: FigureSize { FigureSize(width: frame.figure.size.width, height: frame.figure.size.height + 0.3) }

  func draw(on canvas: Canvas) {
    var rest = canvas.bounds
    let caption = rest.takeBottom(0.3 * 72)
    canvas.text(frame.caption, caption.center, .center, .label, maxLength: caption.width - 24)
    canvas.scaled(by: 1, into: rest) { frame.figure.draw(on: canvas) }
  }
}
