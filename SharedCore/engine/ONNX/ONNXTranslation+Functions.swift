import Kernels
import Utils

extension ONNXTranslation {
  /// Functions of one number that ONNX has under a name.
  private static func name(_ function: UnaryFunction) -> String? {
    switch function {
    case .negate: "Neg"
    case .absolute: "Abs"
    case .squareRoot: "Sqrt"
    case .exponential: "Exp"
    case .logarithm: "Log"
    case .relu: "Relu"
    case .sigmoid: "Sigmoid"
    case .tanh: "Tanh"
    case .reciprocal: "Reciprocal"
    case .sine: "Sin"
    case .cosine: "Cos"
    case .arctangent: "Atan"
    case .errorFunction: "Erf"
    case .softplus: "Softplus"
    case .hardswish: "HardSwish"
    default: nil
    }
  }

  /// A function of every number; where opset 17 does not have it, by its formula.
  mutating func unary(_ function: UnaryFunction, _ x: String, _ operation: GraphTracer.Operation) throws
    -> String
  {
    if let name = Self.name(function) { return graph.add(name, [x]) }
    switch function {
    case .square: return graph.add("Mul", [x, x])
    case .reciprocalSquareRoot: return graph.add("Reciprocal", [graph.add("Sqrt", [x])])
    case .logarithmOfOnePlus: return graph.add("Log", [graph.add("Add", [x, graph.constant(1)])])
    case .silu: return graph.add("Mul", [x, graph.add("Sigmoid", [x])])
    case .mish: return graph.add("Mul", [x, graph.add("Tanh", [graph.add("Softplus", [x])])])
    case .gelu:  // x / 2 (1 + erf(x / sqrt 2))
      let error = graph.add("Erf", [graph.add("Mul", [x, graph.constant(Float(0.5).squareRoot())])])
      return half(x, of: error)
    case .geluTanh:  // x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
      let cube = graph.add("Mul", [graph.add("Mul", [x, x]), x])
      let inner = graph.add("Add", [x, graph.add("Mul", [cube, graph.constant(0.044_715)])])
      let scaled = graph.add("Mul", [inner, graph.constant((2 / Float.pi).squareRoot())])
      return half(x, of: graph.add("Tanh", [scaled]))
    case .leakyReLU(let slope): return graph.add("LeakyRelu", [x], [("alpha", .float(slope))])
    case .elu(let alpha): return graph.add("Elu", [x], [("alpha", .float(alpha))])
    case .power(let exponent): return graph.add("Pow", [x, graph.constant(exponent)])
    case .clamp(let lower, let upper):
      return graph.add("Clip", [x, graph.constant(lower), graph.constant(upper)])
    default: throw Self.unknown("\(function)", operation)
    }
  }

  /// x / 2 (1 + y).
  private mutating func half(_ x: String, of y: String) -> String {
    let sum = graph.add("Add", [y, graph.constant(1)])
    return graph.add("Mul", [graph.add("Mul", [x, sum]), graph.constant(0.5)])
  }
}
