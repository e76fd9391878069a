import DataUtils
import Engine
import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct SteelDataTests {
  private static let size = (height: 16, width: 32)
  private let folder: TemporaryFolder

  /// Twenty strips on the disk.
  init() throws {
    folder = try TemporaryFolder()
    let strips = try SteelStrips(height: Self.size.height, width: Self.size.width, seed: 4)
    try StripFolder(strips, count: 20).make(at: folder.url.appending(path: "steel"))
  }

  private var place: URL { folder.url.appending(path: "steel") }

  private func request(_ change: (inout SteelData.Request) -> Void = { _ in }) throws -> SteelData.Request {
    var request = SteelData.Request(try SteelFolder(place))
    (request.height, request.width) = Self.size
    change(&request)
    return request
  }

  @Test func bothErasHaveTheirTargets() throws {
    let strips = try SteelStrips(height: Self.size.height, width: Self.size.width, seed: 4)
    let four = try SteelData.load(request())
    let five = try SteelData.load(request { $0.classes = .five })
    #expect(four.dataset.classNames.count == 4 && five.dataset.classNames.first == "no_defect")
    #expect(four.dataset.sampleShape == [3, 16, 32] && four.dataset.count == 20)
    var clean = 0
    for index in 0..<20 {
      let kinds = Set(strips.objects(index).map(\.kind))
      clean += kinds.isEmpty ? 1 : 0
      #expect(four.dataset.targets(index) == (0..<4).map { kinds.contains($0) ? 1 : 0 })
      #expect(
        five.dataset.targets(index) == [kinds.isEmpty ? 1 : 0] + (0..<4).map { kinds.contains($0) ? 1 : 0 })
      #expect(five.dataset.mask(index)?.pixelCounts.keys.sorted() == kinds.map { $0 + 1 }.sorted())
    }
    #expect((5...14).contains(clean))
    #expect(four.report.findings == [] && four.report.imageCount == 20 && four.report.objectCount > 8)
  }

  @Test func partsHaveTheSizesOfTheStrategyAndTheirOwnMasks() throws {
    let data = try SteelData.load(request { $0.parts = .stratified(.stratified801010, seed: 1) })
    let splits = data.splits
    #expect(splits.train.count == 16 && splits.val?.count == 2 && splits.test?.count == 2)
    for (position, index) in data.split.train.enumerated() {
      #expect(splits.train.mask(position) == data.dataset.mask(index))
      #expect(splits.train.targets(position) == data.dataset.targets(index))
    }
    #expect(
      data.json["annotations"]?["images"] == 20 && data.json["warnings"]?.array?.count == data.warnings.count)
  }

  @Test func aSavedSplitIsTakenAsItIs() throws {
    let first = try SteelData.load(request())
    let splits = folder.url.appending(path: "splits")
    let changed = SplitIndices(train: first.split.test, val: first.split.val, test: first.split.train)
    try SplitFiles.write(changed, names: first.names, to: splits)
    #expect(try SteelData.load(request { $0.parts = .files(splits) }).split == changed)
    try folder.write("strip_000001.jpg\n".utf8, to: "splits/val.txt")
    expectLabError(mentioning: "make the split anew") {
      _ = try SteelData.load(request { $0.parts = .files(splits) })
    }
  }

  @Test func unreadableAndMissingFilesAreLeftOutAndListed() throws {
    let images = place.appending(path: "img")
    let whole = try Data(contentsOf: images.appending(path: "strip_000002.jpg"))
    try whole.prefix(whole.count / 2).write(to: images.appending(path: "strip_000002.jpg"))
    try Data("hello".utf8).write(to: images.appending(path: "strip_000005.jpg"))
    try FileManager.default.removeItem(at: images.appending(path: "strip_000007.jpg"))
    try FileManager.default.removeItem(at: place.appending(path: "ann/strip_000009.jpg.json"))
    let data = try SteelData.load(request())
    #expect(data.dataset.count == 17 && data.names.count == 17 && !data.names.contains("strip_000002.jpg"))
    #expect(
      data.report.findings.map { "\($0.problem.rawValue) \($0.file)" } == [
        "missing_image strip_000007.jpg.json", "unreadable_image strip_000002.jpg",
        "unreadable_image strip_000005.jpg", "missing_annotation strip_000009.jpg",
      ])
    #expect(data.report.findings[1].reason.hasPrefix("it is "))
    let index = try #require(data.names.firstIndex(of: "strip_000009.jpg"))
    #expect(data.dataset.targets(index) == [0, 0, 0, 0])
    #expect(try data.dataset.sample(0).count == 3 * 16 * 32)
  }

  @Test func anImageOfAnotherSizeIsRefusedUnlessItMayBeResized() throws {
    let pixels = [UInt8](repeating: 99, count: 3 * 32 * 64)
    let large = DecodedImage(width: 64, height: 32, channels: 3, pixels: pixels)
    try folder.write(large.encodedJPEG(), to: "steel/img/strip_000003.jpg")
    let json = SuperviselyAnnotation.json(
      height: 32, width: 64,
      objects: [("defect_2", RegionMask(map: [UInt8](repeating: 1, count: 2048), height: 32, width: 64))])
    try folder.write(json.utf8(), to: "steel/ann/strip_000003.jpg.json")
    expectLabError(mentioning: "strip_000003.jpg has 32 x 64 pixels instead of 16 x 32", "data.resize=true") {
      _ = try SteelData.load(request())
    }
    let data = try SteelData.load(request { $0.resize = true })
    #expect(data.dataset.mask(3)?.pixelCounts == [1: 16 * 32] && data.dataset.targets(3) == [0, 1, 0, 0])
    #expect(try data.dataset.sample(3).allSatisfy { abs($0 - 99 / 255.0) < 0.02 })
  }

  @Test func theTableGivesTheSameData() throws {
    let json = try SteelData.load(request())
    let table = try SteelData.load(
      request {
        $0.folder = SteelFolder(images: $0.folder.images, annotations: place.appending(path: "train.csv"))
      })
    #expect(table.dataset.targets == json.dataset.targets && table.dataset.masks == json.dataset.masks)
    #expect(table.dataset.fingerprint == json.dataset.fingerprint && table.split == json.split)
  }

  @Test func aRowOfTheTableWithOtherCellsIsLeftOutAndListed() throws {
    let table = place.appending(path: "train.csv")
    let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").map(String.init)
    try (lines.prefix(3) + ["strip_000001.jpg,1"] + lines.dropFirst(3)).joined(separator: "\n")
      .write(to: table, atomically: true, encoding: .utf8)
    let data = try SteelData.load(
      request { $0.folder = SteelFolder(images: $0.folder.images, annotations: table) })
    #expect(data.report.findings == [.init(.malformedRow, "train.csv", "line 4")])
    #expect(
      data.report.sentences == ["1 row of the table has other cells than its header and is left out: train.csv (line 4)"])
  }

  @Test func classesThatNoObjectIsOfAreRefused() throws {
    let strangers = try DefectClasses(names: ["pits", "streaks"])
    expectLabError(mentioning: "objects is of a class of pits, streaks", "is called") {
      _ = try SteelData.load(request { $0.classes = strangers })
    }
  }

  @Test func augmentationsThatNeedMasksWorkWithTheLoader() throws {
    let data = try SteelData.load(request { $0.classes = .five })
    let steps = try AugmentationRegistry.steel.steps(
      [
        ("defect_blackout", ["min_pixels": 1, "probability": 1]), ("defect_aware_cutmix", true),
        ("horizontal_flip", 1), ("gaussian_blur", true),
      ], classes: .five)
    func targets(_ threads: Int) throws -> [Float] {
      let loader = Loader(
        data.splits.train, batchSize: 4, shuffleSeed: 2, targetAugmentations: steps.targets,
        transforms: steps.images.map { $0.transform }, preprocessing: .normalized(.imageNet),
        prefetchThreads: threads)
      var (batches, all) = (loader.batches(epoch: 3), [Float]())
      while let batch = try batches.next() { all += (batch.targets?.elements ?? []) + batch.inputs.elements }
      return all
    }
    #expect(try targets(0) == targets(2))
  }

  @Test func emptyPlacesAreNamed() throws {
    expectLabError(mentioning: "has no images", "lab data make steel") { _ = try SteelFolder(folder.url) }
    try folder.write([], to: "empty/img/notes.txt")
    expectLabError(mentioning: "has no annotations") {
      _ = try SteelFolder(folder.url.appending(path: "empty"))
    }
    try folder.write([], to: "empty/ann/notes.txt")
    expectLabError(mentioning: "holds no JPEG or PNG file") {
      _ = try SteelData.load(request { $0.folder = try! SteelFolder(folder.url.appending(path: "empty")) })
    }
    try folder.write([1], to: "empty/img/a.jpg")
    expectLabError(mentioning: "no image of", "neither PNG nor JPEG") {
      _ = try SteelData.load(request { $0.folder = try! SteelFolder(folder.url.appending(path: "empty")) })
    }
  }
}

@Suite struct ConcurrentWorkTests {
  @Test func resultsAreInOrderAndTheFirstErrorIsThrown() throws {
    #expect(try concurrentMap(100) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(try concurrentMap(0) { $0 } == [])
    let error = #expect(throws: Fault.self) {
      _ = try concurrentMap(50) { number in
        if number >= 10 { throw Fault("\(number)") }
        return number
      }
    }
    #expect(Int(error?.reason ?? "") ?? 0 >= 10)
  }
}
