import Testing
import Utils

@Suite struct SecretsTests {
  @Test(arguments: [
    ("http://me:secret@host:5000/x", "http://me:***@host:5000/x"),
    ("--mlflow=https://me:a@b:c@host", "--mlflow=https://me:***@host"),
    ("http://me@host:80/a:b@c", "http://me@host:80/a:b@c"),
    ("http://host/?q=a:b@c", "http://host/?q=a:b@c"),
    ("see http://a:1@h, then http://b:2@h", "see http://a:***@h, then http://b:***@h"),
    ("key=value", "key=value"), ("http://", "http://"), ("", ""),
  ])
  func thePasswordOfAnAddressIsHidden(text: String, shown: String) { #expect(hidingPasswords(text) == shown) }
}
