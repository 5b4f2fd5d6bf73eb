import Cells
import Testing

@Suite struct GeometryTests {
  @Test func intersectionOfDisjointRectanglesIsEmpty() {
    let a = Rect(x: 0, y: 0, width: 4, height: 4)
    #expect(a.intersection(Rect(x: 4, y: 0, width: 2, height: 2)).isEmpty)
    #expect(
      a.intersection(Rect(x: 2, y: 3, width: 9, height: 9))
        == Rect(x: 2, y: 3, width: 2, height: 1))
  }

  @Test func insetNeverGoesNegative() {
    #expect(Rect(x: 0, y: 0, width: 1, height: 1).inset().size == Size(width: 0, height: 0))
  }
}
