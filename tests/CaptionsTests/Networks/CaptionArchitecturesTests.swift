import Engine
import Testing
import Utils

@testable import Captions

@Suite struct CaptionArchitecturesTests {
  private let registry = CaptionArchitectureRegistry.captions

  @Test func unknownAndDoubleNamesAreErrors() throws {
    let unknown = #expect(throws: LabError.self) { try registry.get("triple_backbone_resnet5") }
    #expect(unknown?.remedy.hasPrefix("did you mean triple_backbone_resnet50?") == true)
    #expect(unknown?.remedy.contains("channel_fusion_lora_resnet50") == true)
    var copy = registry
    let double = #expect(throws: LabError.self) {
      try copy.add(
        "shared-backbone-resnet50", try registry.get("shared_backbone_resnet50"), description: "again")
    }
    #expect(double?.cause.contains("already") == true && copy.list.count == 3)
  }

  @Test func listOfModels() throws {
    let list = try CaptionModelList()
    #expect(
      list.models.map(\.name) == [
        "channel_fusion_lora_resnet50", "shared_backbone_resnet50", "triple_backbone_resnet50",
      ])
    #expect(list.table.contains("27,362,832 parameters, 3,907,920 of them learn (14.28 %)"))
    #expect(list.table.contains("77,787,717 parameters, 77,787,717 of them learn (100 %)"))
    #expect(list.json.array?.first?["trainable"] == 3_907_920)
  }

  @Test(arguments: [
    ("{\"num_classes\": 4}", "num_classes is not 5"), ("{\"lora_rnk\": 4}", "did you mean lora_rank?"),
    ("{\"lora_rank\": 0}", "lora_rank is 0; give a whole number of 1...2048"), ("[1]", "is no JSON object"),
    ("{\"lora_rank\":", "is no JSON"), ("{\"channel_fusion\": \"some\"}", "give all or matched"),
  ]) func configurationsThatAreRefused(_ text: String, _ words: String) {
    let error = #expect(throws: LabError.self) {
      try CaptionConfiguration(text: text, source: "--model-config")
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func configurationsSurviveJSON() throws {
    #expect(try CaptionConfiguration(json: [:], source: "") == CaptionConfiguration())
    var other = CaptionConfiguration()
    other.lora = LoRA(rank: 4, alpha: 8, scaling: .byRootOfRank, reach: .kernel, learnsMagnitudes: true)
    (other.height, other.width, other.fusionHiddenDim, other.dropout) = (24, 96, 64, 0.1)
    (other.channelFusion, other.trainsNorms) = (.matched, false)
    #expect(try CaptionConfiguration(json: other.json, source: "") == other)
    #expect(try CaptionConfiguration(text: "{\"lora_rank\": 8}", source: "").lora == LoRA(rank: 8))
  }
}
