import Testing

@testable import Experiments

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("learnig_rate", "learning_rate"), ("learning-rate", "learning_rate"),
    ("learningRate", "learning_rate"), ("batch_size", "batch"), ("momentmu", "momentum"),
    ("schedul", "schedule"), ("moment", "momentum"),
  ])
  func suggestsWhatWasMeant(name: String, meant: String) {
    let keys = ["batch", "learning_rate", "momentum", "schedule"]
    #expect(NearestName.suggestion(for: name, among: keys) == meant)
  }

  @Test(arguments: ["zzz", "", "b", String(repeating: "batch", count: 100)])
  func suggestsNothingForWhatIsFar(name: String) {
    #expect(NearestName.suggestion(for: name, among: ["batch", "learning_rate"]) == nil)
  }

  @Test func countsSwapsOfNeighboursOnce() {
    #expect(NearestName.distance(Array("abcd"), Array("abdc")) == 1)
    #expect(NearestName.distance(Array("kitten"), Array("sitting")) == 3)
    #expect(NearestName.distance([], Array("abc")) == 3)
  }
}
