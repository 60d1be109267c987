object Sample {
  case class Point(x: Int)
  def main(arguments: Array[String]) {
    println(List(1, 2, 3).map(_ * 2).sum)
    println(Point(3) match { case Point(x) if x > 2 => "far" case _ => "near" })
  }
}
