/// `text` with `***` for the password of every address in it: `--mlflow=http://me:***@host:5000`.
///
/// What a person typed is recorded in many places, and a password belongs in none of them.
public func hidingPasswords(_ text: String) -> String {
  var rest = text[...]
  var shown = ""
  while let colon = rest.firstRange(of: "://") {
    shown += rest[..<colon.upperBound]
    rest = rest[colon.upperBound...]
    let authority = rest.prefix { !"/?# \n".contains($0) }
    guard let at = authority.lastIndex(of: "@"), let user = authority[..<at].firstIndex(of: ":") else {
      continue
    }
    shown += authority[...user] + hiddenPassword
    rest = rest[at...]
  }
  return shown + rest
}

/// What stands for a password that is not shown.
public let hiddenPassword = "***"
