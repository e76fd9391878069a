import Utils

/// Where a convolutional network looked when it said a class.
///
/// Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-Based Localization", 2017, §3. With
/// the maps A of the last stage and the score y of the class, before softmax:
/// ```
/// a_c = mean over i, j of dy / dA_cij        heat_ij = relu(sum over c of a_c A_cij)
/// ```
/// The network runs in evaluation mode, in which the samples of a batch do not touch each other.
///
/// - Parameters:
///   - x: [N, C, H, W], as the network takes it.
///   - classes: whose score is explained, one a sample; nil for the predicted ones. With a single output y, the score of
///     class 1 is y and that of class 0 is -y.
/// - Returns: the heat [N, h, w] over the places of the last stage, 0 and above, and the classes.
public func gradCAM(
  _ network: some ConvolutionalNetwork, _ x: Tensor, classes: [Int32]? = nil
) -> (heat: Tensor, classes: [Int32]) {
  withMode(.evaluation) {
    guard let maps = network.stages(x).last?.maps.detached() else {
      trap("gradCAM: the network has no stage")
    }
    require(maps.shape.count == 4, "gradCAM: the last stage gives [N, C, H, W], got \(maps.shape)")
    var explained: [Int32] = []
    let (_, gradients) = valueAndGradients(at: [maps]) { leaves in
      let outputs = network.classify(leaves[0])  // [N, K]
      explained = classes ?? predictedClasses(outputs.detached())
      return (outputs * choice(of: explained, among: outputs.shape)).sum()
    }
    let gradient = gradients[0] ?? Tensor(repeating: 0, shape: maps.shape)
    let weights = gradient.mean(over: [2, 3], keepingDimensions: true)  // [N, C, 1, 1]
    return (relu((weights * maps).sum(over: 1)), explained)
  }
}

/// [N, K]: 1 at each sample's class, 0 elsewhere; with K = 1, -1 for class 0.
private func choice(of classes: [Int32], among shape: Shape) -> Tensor {
  let width = shape[1]
  require(
    classes.count == shape[0] && classes.allSatisfy { $0 >= 0 && $0 < max(width, 2) },
    "gradCAM: classes \(classes) of outputs \(shape)")
  var numbers = [Float](repeating: 0, count: shape.elementCount)
  for (sample, label) in classes.enumerated() {
    if width == 1 {
      numbers[sample] = label == 1 ? 1 : -1
    } else {
      numbers[sample * width + Int(label)] = 1
    }
  }
  return Tensor(numbers, shape: shape)
}
