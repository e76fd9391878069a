import Foundation
import Testing
import Utils

@testable import Tracking

private let cairoPicture = """
  <?xml version="1.0" encoding="UTF-8"?>
  <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">
  <defs><g><g id="glyph-0-0"><path d="M 0 0"/></g></g><clipPath id="clip-0"><rect width="1"/></clipPath></defs>
  <g clip-path="url(#clip-0)"><use xlink:href="#glyph-0-0" x="1"/></g>
  </svg>

  """

private func report(_ pictures: [URL] = []) -> RunReport {
  var run = sampleRun(experiment: "<xor> & \"more\"", tags: ["it's"])
  run.command = ["train", "--tags", "<b>"]
  var outcome = sampleOutcome()
  outcome.result?.isWithinBand = true
  outcome.result?.published = ["accuracy": 0.5]
  return RunReport(
    run: run, outcome: outcome, lastEpoch: [("train_loss", 0.693147)], pictures: pictures,
    evaluateCommand: "evaluate --checkpoint abc123")
}

@Suite struct RunReportTests {
  @Test func everyPartIsThereAndEscaped() {
    let html = report().html()
    #expect(html.contains("<h1>&lt;xor&gt; &amp; &quot;more&quot;</h1>"))
    #expect(!html.contains("<xor>") && !html.contains("<b>"))
    #expect(html.contains("<pre>train --tags &#39;&lt;b&gt;&#39;</pre>"))
    #expect(html.contains("<pre>evaluate --checkpoint abc123</pre>"))
    #expect(html.contains("<td>all accuracy &lt;= 0.75 (reached)</td>"))
    #expect(html.contains("<td>accuracy 0.5</td>"))
    #expect(html.contains("<th scope=\"row\">train_loss</th><td>0.69315</td>"))
    #expect(html.contains("<th scope=\"row\">optimizer.learning_rate</th><td>0.1</td>"))
    #expect(html.contains("2f1a on main, with changes that are not committed"))
    #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"))
  }

  @Test func whatWasFoundInTheDataHasTables() {
    var report = report()
    let found: JSONValue = [
      "annotations": ["images": 7, "findings": [["file": "a.jpg", "reason": "is <empty>"]]],
      "warnings": ["few"],
    ]
    report.run.config = ["data": ["name": "steel", "report": found]]
    let html = report.html()
    #expect(html.contains("<h2>What was found in the data</h2>"))
    #expect(html.contains("<th scope=\"row\">annotations, images</th><td>7</td>"))
    #expect(html.contains("<th scope=\"row\">warnings</th><td>few</td>"))
    #expect(html.contains("<h2>Annotations, findings</h2>"))
    #expect(html.contains("<th scope=\"row\">a.jpg</th><td>is &lt;empty&gt;</td>"))
    #expect(!html.contains("data.report") && html.contains("data.name"))
  }

  @Test func picturesAreInlinedWithIdsOfTheirOwn() throws {
    try withFolder { folder in
      let urls = ["loss_curve.svg", "boundary.svg"].map { folder.appendingPathComponent($0) }
      for url in urls { try Data(cairoPicture.utf8).write(to: url) }
      let html = report(urls).html()
      for number in [1, 2] {
        #expect(
          html.contains("id=\"p\(number)-glyph-0-0\"") && html.contains("href=\"#p\(number)-glyph-0-0\""))
        #expect(html.contains("id=\"p\(number)-clip-0\"") && html.contains("url(#p\(number)-clip-0)"))
      }
      #expect(html.contains("<figcaption>loss curve</figcaption>"))
      #expect(!html.contains("<?xml") && html.contains("M 0 0"))
    }
  }

  @Test func aPNGIsInlinedToo() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("weights.png")
      try Data([1, 2, 3]).write(to: url)
      #expect(report([url]).html().contains("src=\"data:image/png;base64,AQID\""))
    }
  }

  @Test(arguments: ["<svg><script>alert(1)</script></svg>", "no picture", "</svg><svg>", ""])
  func unfitPicturesAreNamedInstead(content: String) throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("a&b.svg")
      try Data(content.utf8).write(to: url)
      let html = report([url, folder.appendingPathComponent("missing.svg")]).html()
      #expect(html.contains("The picture a&amp;b.svg cannot be shown."))
      #expect(html.contains("The picture missing.svg cannot be shown."))
      #expect(!html.contains("<script"))
    }
  }

  @Test func thePageIsWrittenOrTheFileNamed() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("report.html")
      try report().write(to: url)
      #expect(try text(url) == report().html())
      let error = try labError { try report().write(to: folder.appendingPathComponent("none/report.html")) }
      #expect(error.kind == .tracking && error.cause.contains("none/report.html"))
    }
  }
}
