import Experiments
import Testing

@Suite struct PredictionsTests {
  private static let predictions = Predictions(
    classNames: ["shirt", "coat", "bag"],
    shown: [
      Predictions.Prediction(label: 0, predicted: 1, confidence: 0.75),
      Predictions.Prediction(label: 2, predicted: 2, confidence: 0.9999),
    ],
    confusion: [[6, 3, 1], [2, 8, 0], [0, 0, 0]])

  @Test func textComesBack() {
    let text = Self.predictions.text
    #expect(Predictions(text: text) == Self.predictions)
    #expect(text.contains("\"class_names\"") && !text.contains("\n"))
  }

  @Test func classes() {
    let results = Self.predictions.classResults
    #expect(results.map(\.count) == [10, 10, 0] && results.map(\.taken) == [8, 11, 1])
    #expect(results[0].recall == 0.6 && results[0].precision == 0.75)
    #expect(results[0].rival?.label == 1 && results[0].rival?.count == 3)
    #expect(results[1].rival?.label == 0)
    #expect(results[2].recall == nil && results[2].precision == 0 && results[2].rival == nil)
    #expect(Self.predictions.accuracy == 0.7)
    #expect(Predictions(classNames: []).accuracy == nil)
    #expect(Self.predictions.name(of: 1) == "coat" && Self.predictions.name(of: 3) == "class 3")
  }

  @Test func counting() {
    var predictions = Self.predictions
    predictions.count(label: 2, predicted: 0)
    #expect(predictions.confusion?[2] == [1, 0, 0])
  }

  /// What another program wrote under the tag is none of ours, and does no harm.
  @Test(arguments: [
    "", "{}", "[]", "words",
    #"{"class_names":["a"],"shown":[{"label":-1,"predicted":0,"confidence":1}]}"#,
    #"{"class_names":["a"],"shown":[{"label":0,"predicted":0,"confidence":1e30}]}"#,
    #"{"class_names":["a"],"shown":[{"label":0,"predicted":0,"confidence":-0.1}]}"#,
    #"{"class_names":["a"],"shown":[],"confusion":[[1,2]]}"#,
    #"{"class_names":["a"],"shown":[],"confusion":[[-1]]}"#,
    #"{"class_names":["a"],"shown":[],"confusion":[[9000000000000000000]]}"#,
  ])
  func strangersAreRefused(text: String) {
    #expect(Predictions(text: text) == nil)
  }
}
