import Foundation
import Utils

/// The address of an MLflow server, and who asks it: user and password are kept apart from what is written to files.
public struct MLflowServer: Equatable, Sendable {
  /// The address without user and password, and without a slash at its end.
  let address: String
  /// The header that says who asks; nil where nobody is named.
  let authorization: String?

  /// The server at `text`, which may name a user and a password; what it does not name comes from MLflow's own variables
  /// in `environment`.
  ///
  /// Throws a usage error that speaks of `flag` where the text is no address of http or https.
  public init(
    _ text: String, flag: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme?.lowercased()),
      url.host?.isEmpty == false, (0...65535).contains(url.port ?? 0)
    else {
      throw LabError(
        .usage, "\(flag) \(hidingPasswords(text).quoted) is no address of a server",
        remedy: "give one such as http://127.0.0.1:5000")
    }
    (address, authorization) = Self.parts(of: url, environment)
  }

  /// The server whose address lies in an outbox.
  init(noted address: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    self = try MLflowServer(address, flag: "the noted address", environment: environment)
  }

  private static func parts(of url: URLComponents, _ environment: [String: String]) -> (String, String?) {
    var bare = url
    (bare.user, bare.password) = (nil, nil)
    let address = bare.string ?? ""
    let typed = url.password == hiddenPassword ? nil : url.password
    return (
      address.hasSuffix("/") ? String(address.dropLast()) : address,
      authorization(user: url.user, password: typed, environment)
    )
  }

  private static func authorization(user: String?, password: String?, _ environment: [String: String])
    -> String?
  {
    if user == nil, let token = environment["MLFLOW_TRACKING_TOKEN"] {
      return "Authorization: Bearer \(token)"
    }
    guard let user = user ?? environment["MLFLOW_TRACKING_USERNAME"] else { return nil }
    let word = password ?? environment["MLFLOW_TRACKING_PASSWORD"] ?? ""
    return "Authorization: Basic \(Data("\(user):\(word)".utf8).base64EncodedString())"
  }
}
