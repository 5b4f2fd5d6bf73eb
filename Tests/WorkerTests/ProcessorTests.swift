import Testing

@testable import Worker

@Suite struct ProcessorTests {
  @Test func isTheFirstThatTheSystemLists() {
    let intel = """
      processor\t: 0
      vendor_id\t: GenuineIntel
      cpu family\t: 6
      model\t\t: 207
      model name\t: Intel(R) Xeon(R) Processor

      processor\t: 1
      model\t\t: 1
      model name\t: another
      """
    #expect(Processor.name(in: intel) == "Intel(R) Xeon(R) Processor, family 6, model 207")
    #expect(Processor.name(in: "model name\t: some: name") == "some: name")
  }

  @Test func isUnknownWhereTheSystemNamesNone() {
    #expect(Processor.name(in: "") == nil)
    #expect(Processor.name(in: "processor\t: 0\nCPU part\t: 0xd0c\nnoise") == nil)
  }
}
