import Kernels

/// x sigmoid(x), also called swish (Elfwing, Uchibe, Doya 2017).
///
/// Derivative: g s (1 + x (1 - s)), with s = sigmoid(x).
public func silu(_ x: Tensor) -> Tensor { elementwise(.silu, x) }

/// log(1 + exp x), a relu without a corner (Dugas et al. 2000); no exponential overflows.
///
/// Derivative: g sigmoid(x).
public func softplus(_ x: Tensor) -> Tensor { elementwise(.softplus, x) }

/// x tanh(softplus(x)) (Misra 2019).
///
/// Derivative: g (t + x (1 - t^2) sigmoid(x)), with t = tanh(softplus(x)).
public func mish(_ x: Tensor) -> Tensor { elementwise(.mish, x) }

/// x P(Z < x) for a normally distributed Z (Hendrycks, Gimpel 2016), exact by the error function.
///
/// Derivative: g (P + x p), with P the distribution and p the density of Z at x.
public func gelu(_ x: Tensor) -> Tensor { elementwise(.gelu, x) }

/// x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3): GELU as GPT-2 computes it.
///
/// Derivative: g ((1 + t) / 2 + x (1 - t^2) u' / 2), with t = tanh(u).
public func geluTanh(_ x: Tensor) -> Tensor { elementwise(.geluTanh, x) }

/// x clamp(x + 3, 0, 6) / 6 (Howard et al., "Searching for MobileNetV3", 2019, §5.2).
///
/// Derivative: 0 below -3, g above 3, g (x / 3 + 1/2) between.
public func hardswish(_ x: Tensor) -> Tensor { elementwise(.hardswish, x) }

/// x where it is positive, slope x elsewhere (Maas, Hannun, Ng 2013).
///
/// Derivative: g where x > 0, g slope elsewhere.
public func leakyRelu(_ x: consuming Tensor, slope: Float = 0.01) -> Tensor {
  elementwise(.leakyReLU(slope: slope), x)
}

/// x where it is positive, alpha (exp(x) - 1) elsewhere (Clevert, Unterthiner, Hochreiter 2015).
///
/// Derivative: g where x > 0, g alpha exp(x) elsewhere.
public func elu(_ x: Tensor, alpha: Float = 1) -> Tensor { elementwise(.elu(alpha: alpha), x) }

/// An ELU scaled so that mean 0 and variance 1 reproduce themselves (Klambauer et al. 2017, §2).
///
/// Derivative: g scale times the ELU's.
public func selu(_ x: Tensor) -> Tensor { elu(x, alpha: 1.673_263_2) * 1.050_701 }
