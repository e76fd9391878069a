import Utils

/// Words for captions that mean nothing.
enum CaptionWords {
  private static let alphabets = [
    """
    the a we you they he she never always maybe where when why what if and but so then now here there home night morning \
    river street letter window answer question doctor mother brother captain station garden water money story summer \
    winter people nothing something everyone wait listen look run stay leave come go know think said told found lost \
    remember forget quickly slowly alone together again already yesterday tomorrow please sorry thanks hello goodbye \
    jumped quiet zero light heavy dark bright open closed first last
    """,
    """
    ναι όχι εδώ εκεί τώρα ποτέ πάντα γιατί πού πότε νερό σπίτι δρόμος νύχτα μέρα άνθρωπος μητέρα αδελφός γράμμα φως ψωμί \
    θάλασσα ουρανός καλά ίσως μαζί πάλι χθες αύριο έλα φύγε άκου
    """,
    """
    да нет здесь там сейчас никогда всегда почему где когда вода дом улица ночь день человек мать брат письмо свет хлеб \
    море небо хорошо может вместе опять вчера завтра приходи слушай жди
    """,
  ].map { $0.split(separator: " ").map(String.init) }

  /// The words of one video: mostly in the Latin alphabet, else in the Greek or the Cyrillic.
  static func vocabulary(using random: inout RandomStream) -> [String] {
    random.uniform() < 0.8 ? alphabets[0] : alphabets[1 + random.index(below: 2)]
  }

  /// A line of 3 to 7 words; the one after `previous` may differ from it in a single word, which is the hard case.
  static func line(_ words: [String], after previous: String?, using random: inout RandomStream) -> String {
    func word() -> String { words[random.index(below: words.count)] }
    if let previous, random.uniform() < 0.25 {
      var line = previous.split(separator: " ").map(String.init)
      let place = random.index(below: line.count)
      var other = word()
      while other.lowercased() == line[place].lowercased() { other = word() }
      line[place] = place == 0 ? other.capitalized : other
      return line.joined(separator: " ")
    }
    while true {
      var line = (0..<3 + random.index(below: 5)).map { _ in word() }
      line[0] = line[0].capitalized
      let text = line.joined(separator: " ")
      // Ten letters at least: a frame with fewer boxes says nothing of the font.
      if text.count(where: { !$0.isWhitespace }) >= 12, text != previous { return text }
    }
  }
}
