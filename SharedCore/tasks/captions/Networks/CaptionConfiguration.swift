import CaptionData
import Engine
import Utils

/// What a caption network is built from: everything that its checkpoint keeps, so that it can be rebuilt exactly.
public struct CaptionConfiguration: Equatable, Sendable {
  /// How nine channels become three.
  public enum ChannelFusion: String, CaseIterable, Sendable {
    /// Every weight 1/3: each output is a third of the sum of all nine, as the published network begins.
    case all
    /// 1/3 where the colours agree and 0 elsewhere: each output is the mean of its colour.
    case matched
  }

  /// Rows and columns of a frame.
  public var height = 48, width = 480
  /// Units of the first layer that joins the features; the second has half as many.
  public var fusionHiddenDim = 1024
  /// Share of the units that training drops.
  public var dropout = 0.3
  /// Numbers that say where the caption stands, and numbers that say what its font looks like.
  public var spatialDim = 6, fontDim = 512
  /// The adapters of the network that has some.
  public var lora = LoRA(rank: 16)
  /// How that network begins to join three frames into one.
  public var channelFusion = ChannelFusion.all
  /// Whether its backbone's norms learn beside the adapters, as the published one's do.
  public var trainsNorms = true

  /// The published numbers.
  public init() {}

  /// The inputs of a sample.
  public var inputs: InputLayout {
    let frame: Shape = [3, height, width]
    return InputLayout([
      "ocr_viz": frame, "frame1": frame, "frame2": frame, "spatial_features": [spatialDim],
      "font_embedding": [fontDim],
    ])
  }

  /// As a checkpoint keeps it.
  public var json: JSONValue {
    [
      "height": .integer(Int64(height)), "width": .integer(Int64(width)),
      "fusion_hidden_dim": .integer(Int64(fusionHiddenDim)), "dropout": .number(dropout),
      "spatial_dim": .integer(Int64(spatialDim)), "font_dim": .integer(Int64(fontDim)),
      "num_classes": .integer(Int64(CaptionLabel.allCases.count)), "lora_rank": .integer(Int64(lora.rank)),
      "lora_alpha": .number(Double(lora.alpha)), "lora_scaling": .string(lora.scaling.rawValue),
      "lora_reach": .string(lora.reach.rawValue), "dora": .bool(lora.learnsMagnitudes),
      "channel_fusion": .string(channelFusion.rawValue), "train_norms": .bool(trainsNorms),
    ]
  }

  /// What JSON says, the published numbers where it says nothing; alpha is the rank where only that is given.
  ///
  /// Throws a `LabError` for an unknown key, with the nearest, for a value out of range, and for another number of classes
  /// than five.
  ///
  /// - Parameter source: where it comes from, for errors: a flag or a file.
  public init(json: JSONValue, source: String) throws {
    let reader = try JSONReader(json, source: source, known: CaptionConfiguration().json)
    height = try reader.whole("height", in: 16...1024) ?? height
    width = try reader.whole("width", in: 16...4096) ?? width
    fusionHiddenDim = try reader.whole("fusion_hidden_dim", in: 2...65_536) ?? fusionHiddenDim
    dropout = try reader.number("dropout", in: 0...0.99) ?? dropout
    spatialDim = try reader.whole("spatial_dim", in: 1...1024) ?? spatialDim
    fontDim = try reader.whole("font_dim", in: 1...8192) ?? fontDim
    let classes = CaptionLabel.allCases.count
    guard try reader.whole("num_classes", in: 1...100_000) ?? classes == classes else {
      throw LabError(
        .config, "\(source): num_classes is not \(classes), and there are \(classes) kinds of pairs",
        remedy: "leave num_classes out: \(CaptionLabel.names.joined(separator: ", "))")
    }
    let rank = try reader.whole("lora_rank", in: 1...2048) ?? lora.rank
    lora = LoRA(
      rank: rank, alpha: try reader.number("lora_alpha", in: 1e-6...1e6).map { Float($0) },
      scaling: try reader.word("lora_scaling") ?? lora.scaling,
      reach: try reader.word("lora_reach") ?? lora.reach,
      learnsMagnitudes: try reader.flag("dora") ?? false)
    channelFusion = try reader.word("channel_fusion") ?? channelFusion
    trainsNorms = try reader.flag("train_norms") ?? trainsNorms
  }
}
