import DataUtils
import Engine
import Runner

/// Whether the network looks at what is wrong with a magnetic tile: the mean share of the Grad-CAM heat for a photograph's class
/// that lies inside the mask of its defect, over the photographs with a defect.
///
/// Heat that knows nothing of the defect lies in the mask with the share of the area that the mask has; see `defectArea`.
let heatOnDefect = ExtraMetric("heat_on_defect") { try defectShares($0)?.heat }

/// The mean share of the area that the masks of the same photographs cover: what `heatOnDefect` is by chance.
let defectArea = ExtraMetric("defect_area") { try defectShares($0)?.area }

/// Both shares of the judged part; nil where no photograph has a defect, or none has any heat.
private func defectShares(_ subject: ExtraMetric.Subject) throws -> (heat: Double, area: Double)? {
  let part = try subject.data.splits.part(subject.part)
  guard let network = subject.network as? any ConvolutionalNetwork, case .images = part.features else {
    return nil
  }
  let masks = DataFolder.magneticTileMasks(of: part)
  var shares: [(heat: Double, area: Double)] = []
  for index in 0..<part.count {
    let mask = try masks.bytes(index).map { $0 >= 128 }
    guard mask.contains(true) else { continue }
    let photograph = part.subset([index])
    let inputs = try photograph.inputs(subject.data.preprocessing)
    let heat = gradCAM(network, inputs, classes: photograph.labels).heat  // [1, h, w]
    if let inside = shareOfHeat(heat, inside: mask, height: part.sampleShape[1], width: part.sampleShape[2]) {
      shares.append((inside, Double(mask.count { $0 }) / Double(mask.count)))
    }
  }
  guard !shares.isEmpty else { return nil }
  let count = Double(shares.count)
  return (shares.reduce(0) { $0 + $1.heat } / count, shares.reduce(0) { $0 + $1.area } / count)
}

/// The share of `heat` [1, h, w], laid over an image of `height` by `width` pixels, that lies where `mask` [H * W] is true; nil
/// where there is no heat.
func shareOfHeat(_ heat: Tensor, inside mask: [Bool], height: Int, width: Int) -> Double? {
  let over = interpolate(
    heat.reshaped(to: [1, 1, heat.shape[1], heat.shape[2]]), to: [height, width], .linear
  ).elements
  let all = over.reduce(0) { $0 + Double($1) }
  guard all > 0 else { return nil }
  return zip(over, mask).reduce(0) { $0 + ($1.1 ? Double($1.0) : 0) } / all
}
