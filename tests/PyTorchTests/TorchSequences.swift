import Engine
import Utils

/// Our spelling of the recurrent layers, attentions and Transformer blocks of the fixtures.
enum TorchSequences {
  /// A module, and its outputs for the case's inputs.
  typealias Answer = (module: (any Module)?, outputs: ([String: Tensor]) -> [Tensor])

  /// What differs from PyTorch; nil where we do not know the case.
  static func complaints(about torch: TorchCase) throws -> [String]? {
    guard let answer = try answer(torch) else { return nil }
    var parameters: [String: Parameter] = [:]
    for (name, entry) in torch.fields["inputs"]?.object ?? [:] {
      parameters[name] = Parameter(try torch.tensor(entry["tensor"]?.string ?? name))
    }
    let (inputs, learnt) = (parameters, answer.module?.parameters() ?? [])
    let given = torch.fields["params"]?.object ?? [:]
    guard Set(learnt.map(\.name)) == Set(given.keys) else {
      return ["parameters \(learnt.map(\.name)) instead of \(given.keys.sorted())"]
    }
    for (name, parameter) in learnt {
      let value = try torch.tensor(given[name]?["tensor"]?.string ?? name)
      guard value.shape == parameter.shape else {
        return ["\(name) has shape \(parameter.shape) instead of \(value.shape)"]
      }
      parameter.set(value)
      parameters[name] = parameter
    }
    return try differences(torch, parameters) { answer.outputs(inputs.mapValues(\.value)) }
  }

  private static func differences(
    _ torch: TorchCase, _ parameters: [String: Parameter], _ outputs: () -> [Tensor]
  ) throws -> [String] {
    let expected = torch.fields["outputs"]?.array ?? []
    let upstream = try expected.map { try $0["grad"]?.string.map { try torch.tensor($0) } }
    var found: [Tensor] = []
    let (_, gradients) = valueAndGradients {
      found = outputs()
      return zip(found, upstream).reduce(Tensor(0)) { sum, pair in
        pair.1.map { sum + (pair.0 * $0).sum() } ?? sum
      }
    }
    guard found.count == expected.count, !found.isEmpty else {
      return ["\(found.count) outputs instead of \(expected.count)"]
    }
    var pairs = try zip(found, expected).map { ours, theirs in
      ("an output", ours as Tensor?, try torch.tensor(theirs["tensor"]?.string ?? ""))
    }
    for group in ["inputs", "params"] {
      for (name, entry) in torch.fields[group]?.object ?? [:] {
        guard let gradient = entry["grad"]?.string else { continue }
        pairs.append(
          ("the gradient by \(name)", parameters[name].flatMap { gradients[$0] }, try torch.tensor(gradient)))
      }
    }
    return pairs.compactMap { what, ours, theirs in
      ours?.shape == theirs.shape && isClose(ours?.elements ?? [], theirs.elements, torch.tolerance)
        ? nil : "\(what) is \(ours?.description ?? "missing") instead of \(theirs)"
    }
  }

  private static func answer(_ torch: TorchCase) throws -> Answer? {
    switch torch.nameParts.op {
    case "rnn_tanh", "rnn_relu", "lstm", "gru": try network(torch)
    case "rnn_cell", "gru_cell", "lstm_cell": try cell(torch)
    case "sdpa": attention(torch)
    case "multihead_attention", "transformer_encoder_layer", "transformer_decoder_layer":
      try transformer(torch)
    default: nil
    }
  }

  private static func network(_ torch: TorchCase) throws -> Answer {
    var random = RandomStream(seed: 1)
    let width = try torch.input("x").shape[2]
    let (hidden, layers) = (torch.integer("hidden"), max(torch.integer("layers"), 1))
    let (isBatchFirst, isBidirectional) = (torch.isSet("batch_first"), torch.isSet("bidirectional"))
    let bias = torch.fields["params"]?["bias_ih_l0"] != nil
    switch torch.nameParts.op {
    case "lstm":
      let lstm = LSTM(
        width, hidden, layers: layers, bias: bias, batchFirst: isBatchFirst, bidirectional: isBidirectional,
        using: &random)
      return (
        lstm,
        { x in
          let beginning = x["h"].flatMap { h in x["cc"].map { LSTMState(hidden: h, cell: $0) } }
          let (y, state) = lstm(x["x"] ?? Tensor(0), beginning)
          return [y, state.hidden, state.cell]
        }
      )
    case "gru":
      let gru = GRU(
        width, hidden, layers: layers, bias: bias, batchFirst: isBatchFirst, bidirectional: isBidirectional,
        using: &random)
      return (
        gru,
        { x in
          let (y, state) = gru(x["x"] ?? Tensor(0), x["h"])
          return [y, state]
        }
      )
    default:
      let rnn = RNN(
        width, hidden, activation: torch.nameParts.op == "rnn_relu" ? .relu : .tanh, layers: layers,
        bias: bias, batchFirst: isBatchFirst, bidirectional: isBidirectional, using: &random)
      return (
        rnn,
        { x in
          let (y, state) = rnn(x["x"] ?? Tensor(0), x["h"])
          return [y, state]
        }
      )
    }
  }

  private static func cell(_ torch: TorchCase) throws -> Answer {
    var random = RandomStream(seed: 1)
    let (width, hidden) = (try torch.input("x").shape[1], try torch.input("h").shape[1])
    let bias = torch.fields["params"]?["bias_ih"] != nil
    switch torch.nameParts.op {
    case "lstm_cell":
      let cell = LSTMCell(width, hidden, bias: bias, using: &random)
      return (
        cell,
        { x in
          let beginning = x["h"].flatMap { h in x["cc"].map { LSTMState(hidden: h, cell: $0) } }
          let state = cell(x["x"] ?? Tensor(0), beginning)
          return [state.hidden, state.cell]
        }
      )
    case "gru_cell":
      let cell = GRUCell(width, hidden, bias: bias, using: &random)
      return (cell, { x in [cell(x["x"] ?? Tensor(0), x["h"])] })
    default:
      let isRelu = torch.attributes["nonlinearity"]?.string == "relu"
      let cell = RNNCell(width, hidden, activation: isRelu ? .relu : .tanh, bias: bias, using: &random)
      return (cell, { x in [cell(x["x"] ?? Tensor(0), x["h"])] })
    }
  }

  private static func attention(_ torch: TorchCase) -> Answer {
    (
      nil,
      { x in
        guard let q = x["q"], let k = x["k"], let v = x["v"] else { return [] }
        return [
          scaledDotProductAttention(
            q, k, v, isCausal: torch.isSet("is_causal"), scale: torch.number("scale"))
        ]
      }
    )
  }

  private static func transformer(_ torch: TorchCase) throws -> Answer? {
    var random = RandomStream(seed: 1)
    let (width, heads, inner) = (try torch.input("x").shape[2], torch.integer("heads"), torch.integer("ff"))
    if torch.nameParts.op == "multihead_attention" {
      let bias = torch.fields["params"]?["in_proj_bias"] != nil
      let attention = MultiheadAttention(width, heads: heads, bias: bias, using: &random)
      return (
        attention,
        { x in
          let (y, weights) = attention.withWeights(query: x["x"] ?? Tensor(0))
          return [y, weights]
        }
      )
    }
    let name = torch.attributes["activation"]?.string ?? "relu"
    guard let activation = TransformerActivation(rawValue: name) else { return nil }
    if torch.nameParts.op == "transformer_encoder_layer" {
      let layer = TransformerEncoderLayer(
        width, heads: heads, inner: inner, activation: activation, normFirst: torch.isSet("norm_first"),
        using: &random)
      return (layer, { x in [layer(x["x"] ?? Tensor(0))] })
    }
    let layer = TransformerDecoderLayer(
      width, heads: heads, inner: inner, activation: activation, normFirst: torch.isSet("norm_first"),
      using: &random)
    return (layer, { x in [layer(x["x"] ?? Tensor(0), memory: x["m"] ?? Tensor(0))] })
  }
}
