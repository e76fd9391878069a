import Engine
import Utils

/// The optimisers, schedules and clippings of the fixtures in our spelling, built from a case's attributes
/// alone.
enum TorchOptimizers {
  /// What differs from PyTorch; nil when the case is none of `optim`.
  static func complaints(about torch: TorchCase) throws -> [String]? {
    if torch.fields["objective"] != nil { return try trajectory(torch) }
    switch torch.name {
    case "clip_grad_norm": return try clipping(torch)
    default: return nil
    }
  }

  /// The attributes of a case, which remembers those that nobody has asked for.
  private final class Attributes {
    private let values: JSONValue
    private(set) var unread: Set<String>

    init(_ torch: TorchCase) {
      values = torch.attributes
      unread = Set(torch.attributes.object?.keys.map { $0 } ?? [])
    }

    private func value(_ name: String) -> JSONValue? {
      unread.remove(name)
      return values[name]
    }

    func double(_ name: String, _ standard: Double) -> Double { value(name)?.double ?? standard }
    func float(_ name: String, _ standard: Double) -> Float { Float(double(name, standard)) }
    func int(_ name: String, _ standard: Int) -> Int { value(name)?.int ?? standard }
    func bool(_ name: String) -> Bool { value(name)?.bool ?? false }
    func ints(_ name: String) -> [Int] { value(name)?.array?.compactMap(\.int) ?? [] }
    func pair(_ name: String, _ standard: (Double, Double)) -> (Double, Double) {
      guard let pair = value(name)?.array?.compactMap(\.double), pair.count == 2 else { return standard }
      return (pair[0], pair[1])
    }
  }

  /// The optimiser that the case names, with PyTorch's values for what the attributes leave out.
  private static func optimizer(
    _ name: String, _ attributes: Attributes, _ parameters: [(name: String, parameter: Parameter)]
  ) -> (any Optimizer)? {
    let betas = attributes.pair("betas", (0.9, 0.999))
    switch name {
    case "sgd", "schedule":
      return SGD(
        parameters, learningRate: attributes.float("lr", 1e-3), momentum: attributes.float("momentum", 0),
        dampening: attributes.float("dampening", 0), weightDecay: attributes.float("weight_decay", 0),
        nesterov: attributes.bool("nesterov"))
    case "adam":
      return Adam(
        parameters, learningRate: attributes.float("lr", 1e-3), betas: betas,
        epsilon: attributes.float("eps", 1e-8), weightDecay: attributes.float("weight_decay", 0),
        amsgrad: attributes.bool("amsgrad"))
    case "adamw":
      return AdamW(
        parameters, learningRate: attributes.float("lr", 1e-3), betas: betas,
        epsilon: attributes.float("eps", 1e-8), weightDecay: attributes.float("weight_decay", 0.01),
        amsgrad: attributes.bool("amsgrad"))
    case "nadam":
      return NAdam(
        parameters, learningRate: attributes.float("lr", 2e-3), betas: betas,
        epsilon: attributes.float("eps", 1e-8), weightDecay: attributes.float("weight_decay", 0),
        momentumDecay: attributes.double("momentum_decay", 4e-3),
        decoupledWeightDecay: attributes.bool("decoupled_weight_decay"))
    case "radam":
      return RAdam(
        parameters, learningRate: attributes.float("lr", 1e-3), betas: betas,
        epsilon: attributes.float("eps", 1e-8), weightDecay: attributes.float("weight_decay", 0),
        decoupledWeightDecay: attributes.bool("decoupled_weight_decay"))
    case "rmsprop":
      return RMSprop(
        parameters, learningRate: attributes.float("lr", 1e-2), smoothing: attributes.float("alpha", 0.99),
        epsilon: attributes.float("eps", 1e-8), weightDecay: attributes.float("weight_decay", 0),
        momentum: attributes.float("momentum", 0), centered: attributes.bool("centered"))
    case "adagrad":
      return Adagrad(
        parameters, learningRate: attributes.float("lr", 1e-2), rateDecay: attributes.float("lr_decay", 0),
        epsilon: attributes.float("eps", 1e-10), weightDecay: attributes.float("weight_decay", 0),
        initialSum: attributes.float("initial_accumulator_value", 0))
    case "adadelta":
      return Adadelta(
        parameters, learningRate: attributes.float("lr", 1), smoothing: attributes.float("rho", 0.9),
        epsilon: attributes.float("eps", 1e-6), weightDecay: attributes.float("weight_decay", 0))
    default: return nil
    }
  }

  /// The schedule that the case names, and the rate from which it starts.
  private static func schedule(_ name: String, _ attributes: Attributes) -> (Schedule, base: Double)? {
    let base = attributes.double("lr", 1e-3)
    switch name {
    case "step":
      return (.step(every: attributes.int("step_size", 1), factor: attributes.double("gamma", 0.1)), base)
    case "multistep":
      return (
        .multiStep(at: attributes.ints("milestones"), factor: attributes.double("gamma", 0.1)), base
      )
    case "exponential": return (.exponential(factor: attributes.double("gamma", 1)), base)
    case "cosine":
      return (.cosine(over: attributes.int("T_max", 1), to: attributes.double("eta_min", 0)), base)
    case "cosine_restarts":
      return (
        .cosineRestarts(
          first: attributes.int("T_0", 1), growth: attributes.int("T_mult", 1),
          to: attributes.double("eta_min", 0)), base
      )
    case "onecycle":
      return (
        .oneCycle(
          over: attributes.int("total_steps", 2), rise: attributes.double("pct_start", 0.3),
          startDivisor: attributes.double("div_factor", 25),
          endDivisor: attributes.double("final_div_factor", 1e4)),
        attributes.double("max_lr", base)
      )
    case "linear_warmup":
      return (
        .linear(
          over: attributes.int("total_iters", 5), from: attributes.double("start_factor", 1.0 / 3),
          to: attributes.double("end_factor", 1)), base
      )
    case "polynomial":
      return (
        .polynomial(over: attributes.int("total_iters", 5), power: attributes.double("power", 1)), base
      )
    default: return nil
    }
  }

  /// Minimises the fixtures' objective, sum((A w)^2)/3 + sum((b - 1)^2) + sin(sum(colsum(w) b)), step by
  /// step.
  private static func trajectory(_ torch: TorchCase) throws -> [String] {
    let attributes = Attributes(torch)
    let parts = torch.name.split(separator: ".").map(String.init)
    let (a, w, b) = (
      try torch.tensor("\(torch).A"), Parameter(try torch.tensor("\(torch).w0")),
      Parameter(try torch.tensor("\(torch).b0"))
    )
    guard let optimizer = optimizer(parts[0], attributes, [("w", w), ("b", b)]) else {
      return ["no optimiser of ours is called \(parts[0])"]
    }
    var scheduled: (Schedule, base: Double)?
    if parts[0] == "schedule" {
      scheduled = schedule(parts.last ?? "", attributes)
      if scheduled == nil { return ["no schedule of ours is called \(torch.name)"] }
    }
    let losses = torch.fields["losses"]?.array?.compactMap(\.double) ?? []
    let rates = torch.fields["lrs"]?.array?.compactMap(\.double) ?? []
    var complaints = attributes.unread.sorted().map { "the attribute \($0) is not known" }
    if losses.isEmpty || losses.count != torch.fields["steps"]?.int || rates.count != losses.count {
      complaints.append("\(losses.count) losses and \(rates.count) rates")
    }
    for (step, (loss, rate)) in zip(losses, rates).enumerated() {
      let ours = scheduled.map { $0.0.rate(at: step, from: $0.base) } ?? Double(optimizer.learningRate)
      if Swift.abs(ours - rate) > 1e-7 * rate + 1e-12 {
        complaints.append("rate \(ours) instead of \(rate) in step \(step + 1)")
      }
      optimizer.learningRate = Float(ours)
      let (value, gradients) = valueAndGradients {
        let angle = (w.value.sum(over: 0) * b.value).sum()
        return square(matmul(a, w.value)).sum() / 3 + square(b.value - 1).sum() + sin(angle)
      }
      optimizer.update(with: gradients)
      if !isClose([value.scalar], [Float(loss)], torch.tolerance) {
        complaints.append("loss \(value.scalar) instead of \(loss) in step \(step + 1)")
      }
    }
    for (name, ours) in [("w", w), ("b", b)] {
      let theirs = try torch.tensor("\(torch).\(name)")
      if !isClose(ours.value.elements, theirs.elements, torch.tolerance) {
        complaints.append("\(name) \(ours.value) instead of \(theirs)")
      }
    }
    return complaints
  }

  /// The gradients `clip.g0`, `clip.g1`, ... cut to `max_norm`.
  private static func clipping(_ torch: TorchCase) throws -> [String] {
    var given: [(gradient: Tensor, parameter: Parameter)] = []
    while torch.file["clip.g\(given.count)"] != nil {
      let gradient = try torch.tensor("clip.g\(given.count)")
      given.append((gradient, Parameter(Tensor(repeating: 0, shape: gradient.shape))))
    }
    guard !given.isEmpty, let limit = torch.fields["max_norm"]?.double ?? torch.attributes["max_norm"]?.double
    else { return ["no gradients to clip"] }
    var gradients = valueAndGradients {
      given.map { ($0.gradient * $0.parameter.value).sum() }.reduce(Tensor(0)) { $0 + $1 }
    }.gradients
    let norm = gradients.clip(toNorm: limit)
    var complaints: [String] = []
    let theirs = torch.fields["total_norm"]?.double ?? .nan
    if !isClose([Float(norm)], [Float(theirs)], torch.tolerance) {
      complaints.append("norm \(norm) instead of \(theirs)")
    }
    for (number, entry) in given.enumerated() {
      let theirs = try torch.tensor("clip.out\(number)")
      let ours = gradients[entry.parameter]
      if ours?.shape != theirs.shape || !isClose(ours?.elements ?? [], theirs.elements, torch.tolerance) {
        complaints.append("gradient \(number) \(ours?.description ?? "missing") instead of \(theirs)")
      }
    }
    return complaints
  }
}
