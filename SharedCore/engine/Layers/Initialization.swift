import Utils

/// What an initial value keeps steady in size: the signal on its way forward, or the gradient on its way back.
public enum Fan: Sendable {
  case inputs, outputs

  /// How many products meet in one output, or come from one input, with weights [O, C, ...].
  func count(_ shape: Shape, _ name: String) -> Int {
    require(shape.count >= 2, "\(name): weights [O, C, ...] are needed, not \(shape)")
    return (self == .inputs ? shape[1] : shape[0]) * shape.product(of: 2..<shape.count)
  }
}

extension Tensor {
  /// Weights before a ReLU: normally distributed with variance 2 / fan.
  ///
  /// He, Zhang, Ren, Sun, "Delving Deep into Rectifiers", 2015, §2.2.
  ///
  /// - Parameters:
  ///   - shape: [O, C, ...], of a linear layer or a convolution.
  ///   - fan: the outputs for a steady gradient, the inputs for a steady signal.
  public static func heNormal(_ shape: Shape, fan: Fan = .outputs, using random: inout RandomStream) -> Tensor
  {
    let deviation = (2 / Double(Swift.max(fan.count(shape, "heNormal"), 1))).squareRoot()
    return .normal(deviation: deviation, shape: shape, using: &random)
  }

  /// Weights between layers without a ReLU: uniform with variance 2 / (inputs + outputs).
  ///
  /// Glorot and Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural Networks", 2010, §4.2.1.
  ///
  /// - Parameter shape: [O, C, ...].
  public static func glorotUniform(_ shape: Shape, using random: inout RandomStream) -> Tensor {
    let both = Fan.inputs.count(shape, "glorotUniform") + Fan.outputs.count(shape, "glorotUniform")
    let bound = (6 / Double(Swift.max(both, 1))).squareRoot()
    return .uniform(-bound..<bound, shape: shape, using: &random)
  }
}

extension Module {
  /// Gives new values to the parameters, in the order of `state()`.
  ///
  /// - Parameter value: the value for a parameter of this name and shape; nil leaves it as it is.
  public func initialize(_ value: (_ name: String, _ shape: Shape) -> Tensor?) {
    for (name, parameter) in parameters() {
      if let value = value(name, parameter.shape) { parameter.set(value) }
    }
  }

  /// Takes parameters out of learning: none of them gets a gradient, and what feeds only frozen ones computes none.
  ///
  /// - Parameter patterns: what their names look like, `*` for any letters: `layer1.*`; all when left out.
  public func freeze(_ patterns: String...) {
    for (name, parameter) in parameters() where NamePattern.fits(name, patterns) { parameter.isFrozen = true }
  }

  /// Lets parameters learn again, but for those of a layer with a low-rank adapter, whose base stays as it is.
  ///
  /// - Parameter patterns: what their names look like, `*` for any letters; all when left out.
  public func unfreeze(_ patterns: String...) {
    for (name, parameter) in parameters() where !parameter.isBase && NamePattern.fits(name, patterns) {
      parameter.isFrozen = false
    }
  }
}
