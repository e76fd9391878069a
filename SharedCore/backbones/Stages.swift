import Engine

/// The convolutional networks part by part: for pictures of feature maps and for Grad-CAM.

extension AlexNet: ConvolutionalNetwork {
  /// The maps [N, C, H, W] before each pooling.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    features.stages(x, endingBefore: MaxPool2d.self)
  }

  /// Logits [N, K] of the last convolution's `maps` [N, 256, H, W].
  public func classify(_ maps: Tensor) -> Tensor {
    classifier(adaptiveAvgPool2d(maxPool2d(maps, 3, stride: 2), 6).flattened(from: 1))
  }
}

extension VGG: ConvolutionalNetwork {
  /// The maps [N, C, H, W] before each pooling.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    features.stages(x, endingBefore: MaxPool2d.self)
  }

  /// Logits [N, K] of the last convolution's `maps` [N, 512, H, W].
  public func classify(_ maps: Tensor) -> Tensor {
    classifier(adaptiveAvgPool2d(maxPool2d(maps, 2), 7).flattened(from: 1))
  }
}

extension GoogLeNet: ConvolutionalNetwork {
  /// The maps [N, C, H, W] before each pooling, and those of the last block.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    func shrunk(_ x: Tensor) -> Tensor { maxPool2d(x, 3, stride: 2, ceilMode: true) }
    let first = conv1(transformsInput ? Self.transformed(x) : x)  // [N, 64, 112, 112]
    let second = conv3(conv2(shrunk(first)))  // [N, 192, 56, 56]
    let third = inception3b(inception3a(shrunk(second)))  // [N, 480, 28, 28]
    let fourth = inception4e(inception4d(inception4c(inception4b(inception4a(shrunk(third))))))
    let fifth = inception5b(inception5a(maxPool2d(fourth, 2, ceilMode: true)))  // [N, 1024, 7, 7]
    return [
      ("conv1", first), ("conv3", second), ("inception3b", third), ("inception4e", fourth),
      ("inception5b", fifth),
    ]
  }

  /// Logits [N, K] of the last block's `maps`.
  public func classify(_ maps: Tensor) -> Tensor {
    fc(dropout(adaptiveAvgPool2d(maps, 1).flattened(from: 1)))
  }
}

extension ResNet: ConvolutionalNetwork {
  /// The maps [N, C, H, W] after the first convolution and after each of the four stages.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let first = relu(bn1(conv1(coloured(x))))
    var (x, stages) = (maxPool2d(first, 3, stride: 2, padding: 1), [(name: "conv1", maps: first)])
    for (name, layer) in [("layer1", layer1), ("layer2", layer2), ("layer3", layer3), ("layer4", layer4)] {
      x = layer(x)
      stages.append((name, x))
    }
    return stages
  }

  /// Logits [N, K] of the last stage's `maps`; without classes their means.
  public func classify(_ maps: Tensor) -> Tensor {
    var x = adaptiveAvgPool2d(maps, 1).flattened(from: 1)
    x = dropout?(x) ?? x
    return fc?(x) ?? x
  }
}

extension DenseNet: ConvolutionalNetwork {
  /// The maps [N, C, H, W] after the first convolution and after each dense block, the last one normalised.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    var (x, stages): (Tensor, [(name: String, maps: Tensor)]) = (x, [])
    for (name, layer) in features.layers {
      x = layer(x)
      if name == "relu0" || name.hasPrefix("denseblock") { stages.append((name, x)) }
    }
    stages[stages.count - 1].maps = relu(x)
    return stages
  }

  /// Logits [N, K] of the last block's `maps`.
  public func classify(_ maps: Tensor) -> Tensor { classifier(adaptiveAvgPool2d(maps, 1).flattened(from: 1)) }
}

extension ConvNeXt: ConvolutionalNetwork {
  /// The maps [N, C, H, W] after each of the four stages of blocks; the layers between them shrink the picture.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    var (x, stages): (Tensor, [(name: String, maps: Tensor)]) = (x, [])
    for (position, (_, layer)) in features.layers.enumerated() {
      x = layer(x)
      if position % 2 == 1 { stages.append(("stage \(stages.count + 1)", x)) }
    }
    return stages
  }

  /// Logits [N, K] of the last stage's `maps`.
  public func classify(_ maps: Tensor) -> Tensor { classifier(adaptiveAvgPool2d(maps, 1)) }
}
