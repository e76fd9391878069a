/// In how many directions space extends: what distinguishes `Conv1d`, `Conv2d` and `Conv3d`.
public protocol SpaceDimensions {
  /// 1, 2 or 3.
  static var count: Int { get }
}

/// One, two and three directions of space.
public enum Space {
  /// Signals and sequences, [N, C, T].
  public enum Line: SpaceDimensions {
    /// One direction.
    public static var count: Int { 1 }
  }

  /// Images, [N, C, H, W].
  public enum Plane: SpaceDimensions {
    /// Two directions.
    public static var count: Int { 2 }
  }

  /// Volumes and films, [N, C, D, H, W].
  public enum Volume: SpaceDimensions {
    /// Three directions.
    public static var count: Int { 3 }
  }
}
