import Utils

/// What a TensorBoard summary may hold, as bodies of `Summary.Value` (tensorboard/compat/proto/summary.proto).
enum EventValue {
  /// A point of a curve.
  static func scalar(_ tag: String, _ value: Double) -> ProtobufMessage {
    ProtobufMessage {
      $0.add(1, tag)
      $0.add(2, Float(value))
    }
  }

  /// A picture.
  static func image(_ tag: String, _ picture: PNGPicture) -> ProtobufMessage {
    ProtobufMessage {
      $0.add(1, tag)
      $0.add(4) {
        $0.add(1, picture.height)
        $0.add(2, picture.width)
        $0.add(3, picture.channels)
        $0.add(4, bytes: picture.bytes)
      }
    }
  }

  /// A histogram; its first bucket is the empty one below the least number.
  static func histogram(_ histogram: Histogram) -> ProtobufMessage {
    ProtobufMessage {
      $0.add(1, histogram.name)
      $0.add(5) {
        $0.add(1, histogram.least)
        $0.add(2, histogram.greatest)
        $0.add(3, Double(histogram.count))
        $0.add(4, histogram.sum)
        $0.add(5, histogram.sumOfSquares)
        $0.add(6, packed: [histogram.least] + histogram.upperEdges)
        $0.add(7, packed: [0] + histogram.counts.map(Double.init))
      }
    }
  }

  /// The settings of a run, for the HParams page; which of them are columns there, it finds out from all runs.
  static func settings(_ settings: [(key: String, value: JSONValue)], group: String, time: Double)
    -> ProtobufMessage
  {
    hyperparameters("_hparams_/session_start_info", field: 3) { start in
      for (key, value) in settings {
        start.add(1) {
          $0.add(1, key)
          $0.add(2, googleValue(value))
        }
      }
      start.add(4, group)
      start.add(5, time)
    }
  }

  /// How a run ended, for the HParams page.
  static func ending(_ status: RunStatus, time: Double) -> ProtobufMessage {
    hyperparameters("_hparams_/session_end_info", field: 4) {
      $0.add(1, status == .finished ? 1 : 2)
      $0.add(2, time)
    }
  }

  /// `google.protobuf.Value`: arrays and null become text, for the page sorts and filters plain values only.
  private static func googleValue(_ value: JSONValue) -> ProtobufMessage {
    ProtobufMessage {
      switch value {
      case .bool(let value): $0.add(4, value)
      case .integer(let value): $0.add(2, Double(value))
      case .number(let value): $0.add(2, value)
      case .string(let value): $0.add(3, value)
      default: $0.add(3, value.text())
      }
    }
  }

  /// A value for the plugin `hparams`: its message lies in the metadata, beside an empty tensor.
  private static func hyperparameters(
    _ tag: String, field: Int, _ build: (inout ProtobufMessage) -> Void
  ) -> ProtobufMessage {
    let content = ProtobufMessage {
      $0.add(1, 0)
      $0.add(field, build)
    }
    return ProtobufMessage {
      $0.add(1, tag)
      $0.add(8) {
        $0.add(1, 1)
        $0.add(2) { $0.add(2) { $0.add(1, 0) } }
      }
      $0.add(9) {
        $0.add(1) {
          $0.add(1, "hparams")
          $0.add(2, bytes: content.bytes)
        }
      }
    }
  }
}
