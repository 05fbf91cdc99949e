// Writes text_table.inc: for every code point what the normaliser makes of it,
// by ICU's normalisation, transliterators and table of confusables.

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "listings/code_points.h"
#include "listings/text_entry.h"

namespace lenscap {
namespace {

constexpr int kBlockBits = 7;
constexpr int kBlockSize = 1 << kBlockBits;
constexpr char32_t kEnd = 0x110000;
// U+FDFA alone would be 18; nothing that sellers write needs more than 6.
constexpr size_t kLongestSequence = 6;

void Check(UErrorCode code, const char* what) {
  if (U_SUCCESS(code)) return;
  std::fprintf(stderr, "%s: %s\n", what, u_errorName(code));
  std::exit(1);
}

std::unique_ptr<icu::Transliterator> Transliterator(const char* id) {
  UErrorCode code = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> made(
      icu::Transliterator::createInstance(id, UTRANS_FORWARD, code));
  Check(code, id);
  return made;
}

using Row = std::tuple<uint32_t, uint16_t, uint8_t, int, int, int>;

struct Entry {
  std::u32string text;  // What it becomes.
  std::string syllable;
  char latin = 0;
  TextKind kind = TextKind::kSeparator;
  int script = USCRIPT_COMMON;
  int flags = 0;
};

std::u32string CodePoints(const icu::UnicodeString& text) {
  std::u32string points;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    points += static_cast<char32_t>(text.char32At(i));
  }
  return points;
}

icu::UnicodeString Text(const std::u32string& points) {
  icu::UnicodeString text;
  for (char32_t c : points) text.append(static_cast<UChar32>(c));
  return text;
}

bool IsAsciiLetter(char32_t c) { return c >= 'a' && c <= 'z'; }

int ScriptOf(char32_t c) {
  UErrorCode code = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &code);
}

// Signs without a decomposition that are letters or numbers all the same.
std::u32string EnclosedText(char32_t c) {
  const auto letter = [](char32_t n) { return std::u32string(1, U'a' + n); };
  if (c >= 0x1f150 && c <= 0x1f169) return letter(c - 0x1f150);
  if (c >= 0x1f170 && c <= 0x1f189) return letter(c - 0x1f170);
  if (c >= 0x1f1e6 && c <= 0x1f1ff) return letter(c - 0x1f1e6);
  const bool circled =
      (c >= 0x24eb && c <= 0x24ff) || (c >= 0x2776 && c <= 0x2793);
  if (!circled) return U"";
  const int value =
      static_cast<int>(u_getNumericValue(static_cast<UChar32>(c)));
  std::u32string digits;
  for (char digit : std::to_string(value)) digits += digit;
  return digits;
}

class TableMaker {
 public:
  TableMaker() {
    UErrorCode code = U_ZERO_ERROR;
    fold_ = icu::Normalizer2::getNFKCCasefoldInstance(code);
    decompose_ = icu::Normalizer2::getNFDInstance(code);
    compose_ = icu::Normalizer2::getNFCInstance(code);
    checker_ = uspoof_open(&code);
    Check(code, "ICU");
  }
  ~TableMaker() { uspoof_close(checker_); }

  Entry Make(char32_t c) const {
    Entry entry;
    entry.text = Base(c);
    if (c >= 0xd800 && c < 0xe000) entry.text = std::u32string(1, 0xfffd);
    if (entry.text.empty()) {
      entry.kind = u_getIntPropertyValue(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)
                       ? TextKind::kDropped
                   : IsRemovedMark(c) ? TextKind::kMark
                                      : TextKind::kDropped;
      return entry;
    }
    if (!compose_->hasBoundaryBefore(entry.text[0])) {
      entry.flags |= TextEntry::kJoins;
    }
    if (entry.text.size() > 1) return entry;
    const char32_t base = entry.text[0];
    entry.kind = KindOf(base);
    entry.script = ScriptOf(base);
    if (entry.kind == TextKind::kLatin) entry.script = USCRIPT_LATIN;
    if (entry.kind == TextKind::kHan) entry.syllable = Syllable(base);
    if (entry.kind == TextKind::kSymbol) entry.latin = SymbolLetter(base);
    if (entry.kind == TextKind::kAlphabet) AddLookAlike(c, base, &entry);
    if (base == 'u' &&
        decompose_
                ->normalize(
                    fold_->normalize(
                        icu::UnicodeString(static_cast<UChar32>(c)), code_),
                    code_)
                .indexOf(UChar{0x308}) > 0) {
      entry.flags |= TextEntry::kUmlaut;
    }
    return entry;
  }

 private:
  static bool IsRemovedMark(char32_t c) {
    const int type = u_charType(static_cast<UChar32>(c));
    if (type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK) return false;
    // The voice marks of kana make other syllables.
    if (IsVoiceMark(c)) return false;
    switch (ScriptOf(c)) {
      case USCRIPT_INHERITED:
      case USCRIPT_COMMON:
      case USCRIPT_LATIN:
      case USCRIPT_GREEK:
      case USCRIPT_CYRILLIC:
      case USCRIPT_COPTIC:
      case USCRIPT_HEBREW:
      case USCRIPT_ARABIC:
        return true;
      default:
        return false;
    }
  }

  std::u32string Base(char32_t c) const {
    std::u32string enclosed = EnclosedText(c);
    if (!enclosed.empty()) return enclosed;
    const char32_t radical = RadicalForm(c);
    if (radical != 0) return std::u32string(1, radical);
    UErrorCode code = U_ZERO_ERROR;
    icu::UnicodeString text = decompose_->normalize(
        fold_->normalize(icu::UnicodeString(static_cast<UChar32>(c)), code),
        code);
    Check(code, "normalize");
    std::u32string kept;
    for (char32_t part : CodePoints(text)) {
      if (!IsRemovedMark(part)) kept += part;
    }
    std::u32string result;
    for (char32_t part : CodePoints(compose_->normalize(Text(kept), code))) {
      result += Letter(part);
    }
    Check(code, "normalize");
    if (result.size() > kLongestSequence) result.resize(kLongestSequence);
    return result;
  }

  // Of a character that is normal: digits of all scripts are 0 to 9, Latin
  // letters a to z, traditional characters simplified ones.
  std::u32string Letter(char32_t c) const {
    if (u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER) {
      return std::u32string(1,
                            U'0' + u_charDigitValue(static_cast<UChar32>(c)));
    }
    const int script = ScriptOf(c);
    icu::UnicodeString text(static_cast<UChar32>(c));
    if (script == USCRIPT_HAN) {
      simplify_->transliterate(text);
      return text.countChar32() == 1 ? CodePoints(text) : std::u32string(1, c);
    }
    if (script == USCRIPT_LATIN && c >= 0x80) {
      std::u32string ascii = LatinLetters(text);
      if (!ascii.empty()) return ascii;
    }
    return std::u32string(1, c);
  }

  // "" where they have no reading in a to z.
  std::u32string LatinLetters(const icu::UnicodeString& letter) const {
    icu::UnicodeString text = letter;
    to_ascii_->transliterate(text);
    std::u32string ascii = Folded(text);
    if (ascii.empty()) ascii = Folded(SmallCapital(letter.char32At(0)));
    if (ascii.empty()) ascii = Folded(Skeleton(letter));
    return ascii;
  }

  // Lower-case ASCII letters, or "" where there is anything else.
  std::u32string Folded(const icu::UnicodeString& text) const {
    UErrorCode code = U_ZERO_ERROR;
    std::u32string result;
    for (char32_t c : CodePoints(
             decompose_->normalize(fold_->normalize(text, code), code))) {
      if (IsRemovedMark(c)) continue;
      if (!IsAsciiLetter(c)) return U"";
      result += c;
    }
    Check(code, "fold");
    return result;
  }

  static icu::UnicodeString SmallCapital(UChar32 c) {
    char name[128] = "";
    UErrorCode code = U_ZERO_ERROR;
    u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof(name), &code);
    const std::string start = "LATIN LETTER SMALL CAPITAL ";
    const std::string full = name;
    if (full.rfind(start, 0) != 0 || full.size() != start.size() + 1) return {};
    return icu::UnicodeString(static_cast<UChar32>(full.back()));
  }

  icu::UnicodeString Skeleton(const icu::UnicodeString& text) const {
    UErrorCode code = U_ZERO_ERROR;
    icu::UnicodeString skeleton;
    uspoof_getSkeletonUnicodeString(checker_, 0, text, skeleton, &code);
    Check(code, "skeleton");
    if (skeleton == icu::UnicodeString("rn")) return icu::UnicodeString("m");
    return skeleton;
  }

  static TextKind KindOf(char32_t c) {
    const UChar32 point = static_cast<UChar32>(c);
    if (SymbolLetter(c) != 0) return TextKind::kSymbol;
    if (IsVoiceMark(c)) return TextKind::kMark;
    const uint32_t type = U_GET_GC_MASK(point);
    if ((type & U_GC_N_MASK) != 0 && (type & U_GC_NL_MASK) == 0)
      return TextKind::kDigit;
    if ((type & (U_GC_L_MASK | U_GC_M_MASK | U_GC_NL_MASK)) == 0) {
      return IsLoneRadical(c) ? TextKind::kHan : TextKind::kSeparator;
    }
    if (uscript_hasScript(point, USCRIPT_KATAKANA) ||
        uscript_hasScript(point, USCRIPT_HIRAGANA))
      return TextKind::kUnspaced;
    switch (const int script = ScriptOf(c)) {
      case USCRIPT_HAN:
        return TextKind::kHan;
      case USCRIPT_LATIN:
        return TextKind::kLatin;
      case USCRIPT_COMMON:
      case USCRIPT_INHERITED:
        // Letters by name: apostrophes and tone marks.
        return (type & (U_GC_LM_MASK | U_GC_M_MASK)) != 0 ? TextKind::kSeparator
                                                          : TextKind::kAlphabet;
      case USCRIPT_HANGUL:
        return TextKind::kUnspaced;
      default:
        return uscript_breaksBetweenLetters(static_cast<UScriptCode>(script))
                   ? TextKind::kUnspaced
                   : TextKind::kAlphabet;
    }
  }

  // `c` as it was typed: "B" and Cyrillic capital Ve look alike, their small
  // letters do not.
  void AddLookAlike(char32_t c, char32_t base, Entry* entry) const {
    const auto look = [&](char32_t point) -> char {
      const icu::UnicodeString text(static_cast<UChar32>(point));
      const std::u32string letters = Folded(Skeleton(text));
      if (letters.size() != 1) return 0;
      // The table of confusables takes I for l.
      return letters[0] == 'l' && u_isupper(static_cast<UChar32>(point))
                 ? 'i'
                 : static_cast<char>(letters[0]);
    };
    entry->latin = look(c);
    if (entry->latin != 0) {
      if (HasTwins(entry->script)) entry->flags |= TextEntry::kTwin;
      return;
    }
    entry->latin = FauxLetter(base);
    if (entry->latin == 0) entry->latin = look(base);
    if (entry->latin != 0) return;
    // "ʜ" for Cyrillic En.
    const std::u32string skeleton =
        CodePoints(Skeleton(icu::UnicodeString(static_cast<UChar32>(c))));
    if (skeleton.size() != 1) return;
    const std::u32string small = LatinLetters(Text(skeleton));
    if (small.size() == 1) entry->latin = static_cast<char>(small[0]);
  }

  static bool HasTwins(int script) {
    switch (script) {
      case USCRIPT_ARMENIAN:
      case USCRIPT_CHEROKEE:
      case USCRIPT_COPTIC:
      case USCRIPT_CYRILLIC:
      case USCRIPT_DESERET:
      case USCRIPT_GREEK:
      case USCRIPT_LISU:
      case USCRIPT_OSAGE:
        return true;
      default:
        return false;
    }
  }

  std::string Syllable(char32_t han) const {
    const char* const reading = FieldReading(han);
    if (reading != nullptr) return reading;
    icu::UnicodeString text(static_cast<UChar32>(han));
    to_pinyin_->transliterate(text);
    UErrorCode code = U_ZERO_ERROR;
    std::string syllable;
    for (char32_t c : CodePoints(decompose_->normalize(text, code))) {
      if (c == 0x308 && !syllable.empty() && syllable.back() == 'u') {
        syllable.back() = 'v';
      } else if (IsAsciiLetter(c)) {
        syllable += static_cast<char>(c);
      } else if (!IsRemovedMark(c)) {
        break;  // No reading, or a second one.
      }
    }
    Check(code, "pinyin");
    return syllable;
  }

  const icu::Normalizer2* fold_ = nullptr;
  const icu::Normalizer2* decompose_ = nullptr;
  const icu::Normalizer2* compose_ = nullptr;
  mutable UErrorCode code_ = U_ZERO_ERROR;
  USpoofChecker* checker_ = nullptr;
  std::unique_ptr<icu::Transliterator> simplify_ = Transliterator("Hant-Hans");
  std::unique_ptr<icu::Transliterator> to_ascii_ =
      Transliterator("Latin-ASCII");
  std::unique_ptr<icu::Transliterator> to_pinyin_ = Transliterator("Han-Latin");
};

void Write() {
  const TableMaker maker;
  std::vector<Entry> entries;
  std::set<std::string> syllables = {""};
  for (char32_t c = 0; c < kEnd; ++c) {
    entries.push_back(maker.Make(c));
    syllables.insert(entries.back().syllable);
  }
  std::map<std::string, int> numbers;
  for (const std::string& syllable : syllables)
    numbers.emplace(syllable, numbers.size());

  std::u32string sequences;
  std::map<std::vector<Row>, size_t> numbers_of_blocks;
  std::vector<const std::vector<Row>*> blocks;
  std::vector<size_t> block_of;
  for (char32_t first = 0; first < kEnd; first += kBlockSize) {
    std::vector<Row> rows;
    for (char32_t c = first; c < first + kBlockSize; ++c) {
      const Entry& entry = entries[c];
      uint32_t change = 0;
      int flags = entry.flags;
      if (entry.text.size() == 1) {
        change =
            static_cast<uint32_t>(entry.text[0]) - static_cast<uint32_t>(c);
      } else if (entry.text.size() > 1) {
        size_t at = sequences.find(entry.text);
        if (at == std::u32string::npos) {
          at = sequences.size();
          sequences += entry.text;
        }
        change = static_cast<uint32_t>(at);
        flags |= TextEntry::kIsSequence | static_cast<int>(entry.text.size())
                                              << TextEntry::kLengthShift;
      }
      rows.emplace_back(change, numbers.at(entry.syllable),
                        static_cast<uint8_t>(entry.latin),
                        static_cast<int>(entry.kind), entry.script, flags);
    }
    const auto [block, added] =
        numbers_of_blocks.emplace(std::move(rows), blocks.size());
    if (added) blocks.push_back(&block->first);
    block_of.push_back(block->second);
  }

  std::printf("constexpr int kBlockBits = %d;\n", kBlockBits);
  std::printf("constexpr uint16_t kTextBlocks[] = {");
  for (size_t block : block_of) std::printf("%zu,", block);
  std::printf("};\nconstexpr TextEntry kTextEntries[][%d] = {\n", kBlockSize);
  for (const auto* block : blocks) {
    std::printf("{");
    for (const auto& [change, sound, latin, kind, script, flags] : *block) {
      std::printf("{%uu,%d,%d,TextKind{%d},%d,%d},", change, sound, latin, kind,
                  script, flags);
    }
    std::printf("},\n");
  }
  std::printf("};\nconstexpr char32_t kTextSequences[] = {");
  for (char32_t c : sequences) std::printf("%u,", static_cast<unsigned>(c));
  std::printf("};\nconstexpr absl::string_view kSyllables[] = {");
  for (const std::string& syllable : syllables)
    std::printf("\"%s\",", syllable.c_str());
  std::printf("};\n");
}

}  // namespace
}  // namespace lenscap

int main() {
  lenscap::Write();
  return std::ferror(stdout) != 0 || std::fflush(stdout) != 0;
}
