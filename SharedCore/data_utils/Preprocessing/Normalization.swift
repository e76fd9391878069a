import Utils

/// Brings every channel of an image near mean 0 and deviation 1 by published numbers: y = (x - mean) / deviation.
public struct Normalization: Equatable, Sendable {
  /// The mean of each channel, of pixels from 0 to 1.
  public let means: [Float]
  /// The standard deviation of each channel, above 0.
  public let deviations: [Float]

  /// A normalisation by these statistics, one a channel.
  public init(means: [Float], deviations: [Float]) {
    require(means.count == deviations.count, "\(means.count) means, \(deviations.count) deviations")
    require(deviations.allSatisfy { $0 > 0 }, "a standard deviation is above 0, in \(deviations)")
    self.means = means
    self.deviations = deviations
  }

  /// The statistics of MNIST's training images, as everybody uses them.
  public static let mnist = Normalization(means: [0.1307], deviations: [0.3081])

  /// The statistics of Fashion-MNIST's training images.
  public static let fashionMNIST = Normalization(means: [0.2860], deviations: [0.3530])

  /// The statistics of CIFAR-10's 50,000 training images: red, green, blue.
  public static let cifar10 = Normalization(
    means: [0.4914, 0.4822, 0.4465], deviations: [0.2470, 0.2435, 0.2616])

  /// The statistics of the 1,260 training images of NEU-DET, in grey.
  public static let neuDET = Normalization(means: [0.5032], deviations: [0.2126])

  /// The statistics of the 180 images of magnetic-tile at 96 x 96, in grey.
  public static let magneticTile = Normalization(means: [0.3136], deviations: [0.1192])

  /// The statistics of ImageNet's training images: red, green, blue.
  public static let imageNet = Normalization(
    means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225])

  var affine: Affine { Affine(means: means, factors: deviations.map { 1 / $0 }) }
}
