#include "listings/text_units.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "listings/code_points.h"
#include "tests/listings/random_text.h"

namespace lenscap {
namespace {

int TypeOf(UChar32 c) { return u_charType(c); }

UScriptCode ScriptOf(UChar32 c) {
  UErrorCode code = U_ZERO_ERROR;
  return uscript_getScript(c, &code);
}

bool IsAccent(UChar32 c) {
  if (IsVoiceMark(static_cast<char32_t>(c))) return false;
  if (TypeOf(c) != U_NON_SPACING_MARK && TypeOf(c) != U_ENCLOSING_MARK) {
    return false;
  }
  switch (ScriptOf(c)) {
    case USCRIPT_ARABIC:
    case USCRIPT_COMMON:
    case USCRIPT_COPTIC:
    case USCRIPT_CYRILLIC:
    case USCRIPT_GREEK:
    case USCRIPT_HEBREW:
    case USCRIPT_INHERITED:
    case USCRIPT_LATIN:
      return true;
    default:
      return false;
  }
}

// ICU on the whole text, one step after the other, code point by code point.
class SlowModel {
 public:
  // Units' code points, with a space for each gap between.
  std::string Read(absl::string_view utf8) const {
    UErrorCode code = U_ZERO_ERROR;
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
    text = Get("nfkc_cf")->normalize(text, code);
    text = icu::Normalizer2::getNFDInstance(code)->normalize(text, code);
    text = Kept(text, [](UChar32 c) { return !IsAccent(c); });
    text = icu::Normalizer2::getNFCInstance(code)->normalize(text, code);
    EXPECT_TRUE(U_SUCCESS(code));
    text = Kept(
        text, [](UChar32 c) { return !IsVoiceMark(static_cast<char32_t>(c)); });
    std::string read;
    bool gap = false;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      const icu::UnicodeString letter = Letter(text.char32At(i));
      if (letter.isEmpty()) {
        gap = true;
        continue;
      }
      if (gap && !read.empty()) read += ' ';
      gap = false;
      letter.toUTF8String(read);
    }
    return read;
  }

  // Whether the model has nothing of its own to say of it: signs that Unicode
  // does not decompose and lenscap does by tables, and what is cut.
  bool Knows(char32_t point) const {
    const UChar32 c = static_cast<UChar32>(point);
    if (IsLoneRadical(point) || IsTradeMark(point)) {
      return false;
    }
    // Where simplifying does not end: 苧 and 苎.
    const icu::UnicodeString letter = Letter(c);
    if (letter.countChar32() == 1 && Letter(letter.char32At(0)) != letter) {
      return false;
    }
    const bool enclosed = (c >= 0x24eb && c <= 0x24ff) ||
                          (c >= 0x2776 && c <= 0x2793) ||
                          (c >= 0x1f150 && c <= 0x1f1ff);
    UErrorCode code = U_ZERO_ERROR;
    const icu::UnicodeString text =
        Get("nfkc_cf")->normalize(icu::UnicodeString(c), code);
    if (enclosed || text.countChar32() > 6) return false;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      const UChar32 part = text.char32At(i);
      if (PlainForm(static_cast<char32_t>(part)) != 0) return false;
      if (ScriptOf(part) == USCRIPT_LATIN && !IsAscii(Letter(Bare(part)))) {
        return false;
      }
    }
    return true;
  }

 private:
  static const icu::Normalizer2* Get(const char* name) {
    UErrorCode code = U_ZERO_ERROR;
    return icu::Normalizer2::getInstance(nullptr, name, UNORM2_COMPOSE, code);
  }

  static std::unique_ptr<icu::Transliterator> Make(const char* id) {
    UErrorCode code = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(
        icu::Transliterator::createInstance(id, UTRANS_FORWARD, code));
  }

  template <typename Keep>
  static icu::UnicodeString Kept(const icu::UnicodeString& text,
                                 const Keep& keep) {
    icu::UnicodeString kept;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      if (keep(text.char32At(i))) kept.append(text.char32At(i));
    }
    return kept;
  }

  static UChar32 Bare(UChar32 c) {
    UErrorCode code = U_ZERO_ERROR;
    return icu::Normalizer2::getNFDInstance(code)
        ->normalize(icu::UnicodeString(c), code)
        .char32At(0);
  }

  static bool IsAscii(const icu::UnicodeString& text) {
    for (int32_t i = 0; i < text.length(); ++i) {
      if (text[i] >= 0x80) return false;
    }
    return true;
  }

  // Empty for what separates.
  icu::UnicodeString Letter(UChar32 c) const {
    const int digit = u_charDigitValue(c);
    if (TypeOf(c) == U_DECIMAL_DIGIT_NUMBER) {
      return icu::UnicodeString(static_cast<UChar32>('0' + digit));
    }
    icu::UnicodeString letter(c);
    if (ScriptOf(c) == USCRIPT_HAN && u_isalpha(c)) {
      simplify_->transliterate(letter);
      return letter;
    }
    if (ScriptOf(c) == USCRIPT_LATIN) {
      to_ascii_->transliterate(letter);
      letter.foldCase();
      return letter;
    }
    if (SymbolLetter(static_cast<char32_t>(c)) != 0) return letter;
    const bool kana = uscript_hasScript(c, USCRIPT_KATAKANA) ||
                      uscript_hasScript(c, USCRIPT_HIRAGANA);
    const bool modifier = (U_GET_GC_MASK(c) & (U_GC_LM_MASK | U_GC_M_MASK)) &&
                          ScriptOf(c) == USCRIPT_COMMON && !kana;
    const bool word =
        (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
    return word && !modifier ? letter : icu::UnicodeString();
  }

  const std::unique_ptr<icu::Transliterator> simplify_ = Make("Hant-Hans");
  const std::unique_ptr<icu::Transliterator> to_ascii_ = Make("Latin-ASCII");
};

std::string Read(absl::string_view utf8) {
  std::string read;
  for (const TextUnit& unit : ReadUnits(utf8)) {
    if (unit.gap && !read.empty()) read += ' ';
    read += Utf8Of(unit.code_point);
  }
  return read;
}

TEST(TextUnitsTest, EveryCodePointReadsAsIcuReadsIt) {
  const SlowModel model;
  int known = 0;
  for (char32_t c = 0; c < 0x110000; ++c) {
    // A third of them, so that the test stays short.
    if ((c >= 0xd800 && c < 0xe000) || (c >= 0x3000 && c % 3 != 0)) continue;
    if (!model.Knows(c)) continue;
    ++known;
    const std::string text = Utf8Of(c);
    ASSERT_EQ(Read(text), model.Read(text)) << "U+" << std::hex << uint32_t{c};
  }
  EXPECT_GT(known, 300'000);
}

TEST(TextUnitsTest, TextsOfAllScriptsReadAsIcuReadsTheWhole) {
  const SlowModel model;
  TextDice dice(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const uint32_t length = 1 + Below(dice, 12);
    for (uint32_t i = 0; i < length; ++i) {
      const char32_t c = RandomCodePoint(dice);
      if (model.Knows(c)) text += Utf8Of(c);
    }
    ASSERT_EQ(Read(text), model.Read(text))
        << "round " << round << ": " << text;
  }
}

TEST(TextUnitsTest, ALongRunOfMarksThatComposeIsCut) {
  std::string text = "क";
  for (int i = 0; i < 10'000; ++i) text += "\u093c";  // Nukta.
  EXPECT_EQ(ReadUnits(text).size(), 10'001u);
}

TEST(TextUnitsTest, AUnitStandsWhereItsAccentsAre) {
  const std::vector<TextUnit> units = ReadUnits("xe\u0301\u0301y");
  ASSERT_EQ(units.size(), 3u);
  EXPECT_EQ(units[1].start, 1u);
  EXPECT_EQ(units[1].end, 6u);
  EXPECT_EQ(units[2].start, 6u);
}

TEST(TextUnitsTest, SixCharactersAreTheMostThatOneBecomes) {
  EXPECT_EQ(ReadUnits("\ufdfa").size(), 5u);  // Of 18; one is a space.
  EXPECT_EQ(ReadUnits("㌖").size(), 6u);
}

}  // namespace
}  // namespace lenscap
