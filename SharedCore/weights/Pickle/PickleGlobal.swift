import Engine
import Utils

/// The names that a pickle may use, each with a meaning of our own; a pickle with any other is refused.
enum PickleGlobal: Equatable {
  case orderedDict
  case set
  case complex
  case encode
  case size
  case device
  /// `torch._utils._rebuild_tensor`, `_v2` and `_v3`, which say the same of a tensor in more words.
  case rebuildTensor(version: Int)
  case rebuildParameter
  case storage(TorchStorage.Kind)
  case dtype(SafetensorsDType?)

  /// What `name` of `module` means; throws for all that is not listed.
  init(module: String, name: String) throws {
    if let known = Self.known["\(module) \(name)"] {
      self = known
    } else if module == "torch", let kind = TorchStorage.Kind(name: name) {
      self = .storage(kind)
    } else if module == "torch", let dtype = Self.dtypes[name] {
      self = .dtype(dtype)
    } else {
      throw WeightsDefect(
        "asks for \("\(module).\(name)".quoted), which is neither a tensor nor a plain container",
        remedy: "do not trust it; if you do, save its state_dict() alone, or as safetensors")
    }
  }

  private static let known: [String: PickleGlobal] = {
    var known: [String: PickleGlobal] = [
      "collections OrderedDict": .orderedDict, "_codecs encode": .encode, "torch Size": .size,
      "torch device": .device, "torch._utils _rebuild_tensor": .rebuildTensor(version: 1),
      "torch._utils _rebuild_tensor_v2": .rebuildTensor(version: 2),
      "torch._utils _rebuild_tensor_v3": .rebuildTensor(version: 3),
      "torch._utils _rebuild_parameter": .rebuildParameter,
      "torch.storage UntypedStorage": .storage(.untyped),
    ]
    for module in ["__builtin__", "builtins"] {
      known["\(module) set"] = .set
      known["\(module) frozenset"] = .set
      known["\(module) complex"] = .complex
    }
    return known
  }()

  /// PyTorch's element types; nil for those that safetensors does not have.
  private static let dtypes: [String: SafetensorsDType?] = [
    "float32": .f32, "float": .f32, "float64": .f64, "double": .f64, "float16": .f16, "half": .f16,
    "bfloat16": .bf16, "uint8": .u8, "int8": .i8, "int16": .i16, "int32": .i32, "int64": .i64, "bool": .bool,
    "uint16": .u16, "uint32": .u32, "uint64": .u64, "complex64": .c64, "complex128": nil,
    "float8_e4m3fn": .f8e4m3, "float8_e5m2": .f8e5m2, "float8_e8m0fnu": .f8e8m0,
    "float8_e4m3fnuz": .f8e4m3fnuz, "float8_e5m2fnuz": .f8e5m2fnuz,
  ]
}
