import Utils

/// How large a layer's weights are, and how large the gradient is that reaches them.
public struct LayerFlow: Equatable, Sendable {
  /// The state name of the weights: `layer1.0.conv1.weight`.
  public let name: String
  /// The length of the weights as one vector.
  public let weightNorm: Double
  /// The length of the loss's gradient by them.
  public let gradientNorm: Double
}

/// The gradient that reaches every layer with weights, from the input to the output: where it vanishes or explodes with
/// depth (Hochreiter 1991; Glorot and Bengio 2010).
///
/// Layers stand in the order of the network's properties. Weights are the parameters of two dimensions and more; biases,
/// scales and shifts are left out. The pass runs in training mode, as the gradient of training does, and leaves running
/// statistics as they were.
///
/// - Parameters:
///   - loss: what is differentiated, the mean over the batch.
///   - batch: inputs [N, ...] and their classes.
///   - seed: where what layers drop at random is drawn from.
/// - Returns: a row for each weight that takes part in the loss.
public func gradientFlow(
  of network: any Layer, _ loss: Loss, on batch: Batch, seed: UInt64 = 0
) -> [LayerFlow] {
  let buffers = network.state().compactMap { _, item -> (buffer: Buffer, contents: Buffer.Contents)? in
    guard case .buffer(let buffer) = item else { return nil }
    if case .tensor(let tensor) = buffer.contents { return (buffer, .tensor(tensor.copied())) }
    return (buffer, buffer.contents)
  }
  defer { for (buffer, contents) in buffers { buffer.contents = contents } }
  let (_, gradients) = withMode(.training, randomness: Randomness(seed: seed, step: 1)) {
    valueAndGradients { loss(network(batch.inputs), batch) }
  }
  return network.parameters().compactMap { name, parameter in
    guard parameter.shape.count >= 2, let gradient = gradients[parameter] else { return nil }
    return LayerFlow(name: name, weightNorm: length(parameter.value), gradientNorm: length(gradient))
  }
}

private func length(_ tensor: Tensor) -> Double {
  tensor.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}
