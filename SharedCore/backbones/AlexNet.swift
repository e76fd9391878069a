import Engine
import Utils

/// AlexNet, whose ImageNet victory began deep learning's rise. Krizhevsky, Sutskever, Hinton, "ImageNet Classification
/// with Deep Convolutional Neural Networks", 2012, §3.5; in the single-column form of Krizhevsky, "One Weird Trick for
/// Parallelizing Convolutional Neural Networks", 2014.
///
/// Departures: one column instead of two on two cards, hence narrower; no local response normalisation; padding 2 in the
/// first convolution; initial weights uniform as PyTorch's, not normal.
public final class AlexNet: Layer {
  let features, classifier: Sequential

  /// A network for `classes` classes, 61.1 million parameters for 1000.
  public init(classes: Int = 1000, dropout: Float = 0.5, using random: inout RandomStream) {
    features = Sequential(  // [N, 3, 224, 224]
      Conv2d(3, 64, kernel: 11, stride: 4, padding: 2, using: &random), ReLU(),  // [N, 64, 55, 55]
      MaxPool2d(3, stride: 2),  // [N, 64, 27, 27]
      Conv2d(64, 192, kernel: 5, padding: 2, using: &random), ReLU(),
      MaxPool2d(3, stride: 2),  // [N, 192, 13, 13]
      Conv2d(192, 384, kernel: 3, padding: 1, using: &random), ReLU(),
      Conv2d(384, 256, kernel: 3, padding: 1, using: &random), ReLU(),
      Conv2d(256, 256, kernel: 3, padding: 1, using: &random), ReLU(),
      MaxPool2d(3, stride: 2))  // [N, 256, 6, 6]
    classifier = Sequential(
      Dropout(dropout), Linear(256 * 6 * 6, 4096, using: &random), ReLU(),
      Dropout(dropout), Linear(4096, 4096, using: &random), ReLU(),
      Linear(4096, classes, using: &random))
  }

  /// Logits [N, K] of `x` [N, 3, H, W]; pictures of other sizes than 224 are pooled to fit the classifier.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    classifier(adaptiveAvgPool2d(features(x), 6).flattened(from: 1))
  }
}
