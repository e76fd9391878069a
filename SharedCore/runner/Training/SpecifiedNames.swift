import Engine
import Foundation
import Tracking
import Utils

/// The files of a run under the names that the specification of its configuration file gives them.
///
/// They are links, which take no room: `model_final.safetensors`, `checkpoints/best_model_epoch12_val_f1_macro_0.8912.safetensors`,
/// `loss_curves.png` and `val_f1_curve.png`.
struct SpecifiedNames {
  let folder: RunFolder

  /// Links what is there; what cannot be linked is left out, for it lies under its usual name.
  func link(best: Checkpoint?, monitor: String) {
    link(folder.lastCheckpoint, as: "model_final.safetensors")
    if let best = best?.lab["best"], let epoch = best["epoch"]?.int, let value = best["value"]?.double {
      let name = "best_model_epoch\(epoch)_\(monitor)_\(String(format: "%.4f", value)).safetensors"
      link(folder.bestCheckpoint, as: "checkpoints/\(name)")
    }
    let pictures = folder.visualizations
    link(pictures.appending(path: "loss_curve.png"), as: "loss_curves.png")
    link(pictures.appending(path: "f1_macro_curve.png"), as: "val_f1_curve.png")
  }

  private func link(_ file: URL, as name: String) {
    let link = folder.url.appending(path: name)
    try? FileManager.default.createDirectory(
      at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? FileManager.default.linkItem(at: file, to: link)
  }
}
