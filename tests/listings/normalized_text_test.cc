#include "listings/normalized_text.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/listings/text_promises.h"

namespace lenscap {
namespace {

NormalizedText Normal(absl::string_view original) {
  NormalizedText text;
  Normalizer::Get().Normalize(original, &text);
  return text;
}

std::string Words(absl::string_view original) {
  return std::string(Normal(original).view(TextView::kWords));
}
std::string Tight(absl::string_view original) {
  return std::string(Normal(original).view(TextView::kTight));
}
std::string Sound(absl::string_view original) {
  return std::string(Normal(original).view(TextView::kSound));
}

// The part of the original that became the first `found` in a view.
std::string Behind(absl::string_view original, TextView view,
                   absl::string_view found) {
  const NormalizedText text = Normal(original);
  const size_t at = text.view(view).find(found);
  if (at == absl::string_view::npos) return "(not found)";
  const ByteSpan span = text.Original(view, at, at + found.size());
  return std::string(original.substr(span.start, span.end - span.start));
}

// A view with a bar at each boundary but its ends.
std::string Bounded(absl::string_view original, TextView view) {
  const NormalizedText text = Normal(original);
  std::string bounded;
  for (size_t i = 0; i < text.view(view).size(); ++i) {
    if (i > 0 && text.IsBoundary(view, i)) bounded += '|';
    bounded += text.view(view)[i];
  }
  return bounded;
}

TEST(NormalizedTextTest, SpacedOutWordsCloseUp) {
  EXPECT_EQ(Tight("h i d d e n - c a m"), "hiddencam");
  EXPECT_EQ(Tight("针 孔 摄/像/头"), "针孔摄像头");
  EXPECT_EQ(Words("  hidden --  cam! "), "hidden cam");
}

TEST(NormalizedTextTest, EmojiSeparateWordsAndVanishBetweenCharacters) {
  EXPECT_EQ(Words("spy🙂cam"), "spy cam");
  EXPECT_EQ(Tight("针👁️孔摄🙂像👨‍👩‍👧头"),
            "针孔摄像头");
}

TEST(NormalizedTextTest, APictureIsAWordInTheLanguageOfItsText) {
  EXPECT_EQ(Words("spy📷"), "spy camera");
  EXPECT_EQ(Words("🏨偷📹视频"), "酒店 偷 摄像头 视频");
  EXPECT_EQ(Words("🧸cam"), "teddy bear cam");
  EXPECT_EQ(Behind("偷📹视频", TextView::kWords, "摄像头"), "📹");
}

TEST(NormalizedTextTest, APictureIsNoWordWhereItCutsOne) {
  EXPECT_EQ(Tight("针📷孔"), "针孔");
  EXPECT_EQ(Sound("针📷孔"), "zhenkong");
}

TEST(NormalizedTextTest, WhatCannotBeSeenIsNotThere) {
  EXPECT_EQ(Words("hid\u200bd\u00aden"), "hidden");
  EXPECT_EQ(Words("\u202ehid\u2066den\u202c"), "hidden");
  EXPECT_EQ(Words("针\ufe0f孔\u2060摄\U000e0101像头"), "针孔摄像头");
}

TEST(NormalizedTextTest, AccentsAndPiledUpMarksGo) {
  EXPECT_EQ(Words("hïddén càm"), "hidden cam");
  EXPECT_EQ(Words("c\u0301\u0336\u0489a\u20ddm"), "cam");
  EXPECT_EQ(Words("针\u0336孔\u0336"), "针孔");
}

TEST(NormalizedTextTest, FullWidthAndMathematicalLettersAreLetters) {
  EXPECT_EQ(Words("ＳＰＹ　ｃａｍ　１０８０ｐ"), "spy cam 1080p");
  EXPECT_EQ(Words("𝓼𝓹𝔂 𝕔𝕒𝕞 𝟙"), "spy cam 1");
}

TEST(NormalizedTextTest, CircledSquaredAndFlagLettersAreLetters) {
  EXPECT_EQ(Words("ⓢⓟⓨ 🅒🅰🄼 🇨🇦🇲"), "spy cam cam");
  EXPECT_EQ(Words("①❷➌ 1️⃣"), "123 1");
}

TEST(NormalizedTextTest, DigitsOfAllScriptsAreDigits) {
  EXPECT_EQ(Words("١٠٨٠p १०८०"), "1080p 1080");
}

TEST(NormalizedTextTest, LookAlikesInALatinWordAreLatin) {
  EXPECT_EQ(Words("hіddеn саmera"), "hidden camera");  // Cyrillic.
  EXPECT_EQ(Words("ΗIDDΕΝ CΑM"), "hidden cam");        // Greek.
  EXPECT_EQ(Words("Ꮯam sᴘʏ ɴᴀɴɴʏ"), "cam spy nanny");
  EXPECT_EQ(Words("cпy каmeра яecorder"), "cny kamepa recorder");
}

TEST(NormalizedTextTest, AWordOfNothingButLookAlikesIsLatin) {
  EXPECT_EQ(Words("spy САМ"), "spy cam");
  EXPECT_EQ(Words("ѕру сасе"), "spy cace");
}

TEST(NormalizedTextTest, RussianAndGreekStayWhatTheyAre) {
  EXPECT_EQ(Words("Скрытая камера, сор и хор"), "скрытая камера сор и хор");
  EXPECT_EQ(Words("Камера для дома USB"), "камера для дома usb");
  EXPECT_EQ(Words("κρυφή κάμερα"), "κρυφη καμερα");
  EXPECT_EQ(Normalizer::Get().NormalizeKey("сор", TextView::kWords), "сор");
}

TEST(NormalizedTextTest, DigitsAndSymbolsInsideWordsAreLettersInTheTightView) {
  EXPECT_EQ(Tight("h1dd3n c@m3r@s"), "hiddencameras");
  EXPECT_EQ(Tight("$py n4nny vide0 m1n1"), "spynannyvideomini");
  EXPECT_EQ(Tight("f1ash b1ack ba11s"), "flashblackballs");
  EXPECT_EQ(Words("h1dd3n c@m"), "h1dd3n c m");
}

TEST(NormalizedTextTest, OneIsTheLetterThatMakesASyllable) {
  EXPECT_EQ(Tight("cl1ps l1ght s3ll1ng cl1ent l1fetime pol1ce"),
            "clipslightsellingclientlifetimepolice");
  EXPECT_EQ(Tight("l1ve v1ew t01let v1de0 f1lm rad1o spec1al sp1es"),
            "liveviewtoiletvideofilmradiospecialspies");
  EXPECT_EQ(Tight("c1ock p1ug exp1oit hote1s sel1er po1ice 1og1n aga1n"),
            "clockplugexploithotelssellerpoliceloginagain");
}

TEST(NormalizedTextTest, ADigitMayBeginAWord) {
  EXPECT_EQ(Tight("1pc4m 5canner 3xpl0it 4rchive 0wner"),
            "ipcamscannerexploitarchiveowner");
  EXPECT_EQ(Tight("0d4y 0day n0 led"), "odayodaynoled");
}

TEST(NormalizedTextTest, NumbersOfProductsStayReadable) {
  for (absl::string_view text :
       {"1080p",     "4k",       "h264", "s3",      "mp4",    "usb3",
        "mp3player", "5g",       "3d",   "1080p4k", "wifi4k", "spycam8mp",
        "2k",        "8gb",      "1tb",  "4k30fps", "8gb4k",  "4ch5mp",
        "3pack",     "4channel", "1st",  "0mm",     "5mp"}) {
    EXPECT_EQ(Words(text), text);
    EXPECT_EQ(Tight(text), text);
  }
  EXPECT_EQ(Tight("cam! @home $20"), "camhome20");
}

TEST(NormalizedTextTest, TraditionalCharactersAreSimplified) {
  EXPECT_EQ(Words("針孔攝像頭 竊聽 廁所"), "针孔摄像头 窃听 厕所");
}

TEST(NormalizedTextTest, KanaAndHangulAreComposedAndKept) {
  EXPECT_EQ(Words("ｶﾒﾗ ﾋﾟﾝﾎｰﾙ か\u3099"), "カメラ ピンホール が");
  EXPECT_EQ(Words("\u1106\u1169\u11af카 ㅋㅏ"), "몰카 카");
}

TEST(NormalizedTextTest, SplitCharactersAreJoinedInEveryView) {
  EXPECT_EQ(Words("亻俞扌白"), "偷拍");
  EXPECT_EQ(Words("亻俞 扌 白"), "偷 拍");
  EXPECT_EQ(Words("钅十孔摄亻象头"), "针孔摄像头");
  EXPECT_EQ(Words("釒十⺘白"), "针拍");
  EXPECT_EQ(Words("加君羊"), "加群");
  EXPECT_EQ(Behind("买亻俞 扌 白机", TextView::kTight, "偷拍"), "亻俞 扌 白");
}

TEST(NormalizedTextTest, PairsThatMayBeWordsAreJoinedInTheTightViewOnly) {
  EXPECT_EQ(Tight("金十孔 密石马 相木几"), "针孔密码相机");
  EXPECT_EQ(Words("木几 石马 金十"), "木几 石马 金十");
  EXPECT_EQ(Tight("女子水杯"), "女子水杯");
}

TEST(NormalizedTextTest, HomophonesAreReadInTheTightView) {
  EXPECT_EQ(Tight("真孔 摄象头 偷啪 破介"), "针孔摄像头偷拍破解");
  EXPECT_EQ(Words("真孔摄象头"), "真孔摄象头");
  EXPECT_EQ(Tight("写真孔雀"), "写真孔雀");
}

TEST(NormalizedTextTest, TypedPinyinSoundsLikeTheCharacters) {
  const std::string sound = Sound("针孔摄像头");
  EXPECT_EQ(sound, "zhenkongshexiangtou");
  for (absl::string_view typed :
       {"zhen kong she xiang tou", "ZhenKongSheXiangTou",
        "zhēn kǒng shè xiàng tóu", "zhen1kong3she4xiang4tou2",
        "zhen1 kong3 shexiang4 tou", "珍恐射箱投", "针kong摄xiang头",
        "ｚｈｅｎ－ｋｏｎｇ－摄象tou"}) {
    EXPECT_EQ(Sound(typed), sound) << typed;
  }
}

TEST(NormalizedTextTest, TheUmlautOfPinyinIsV) {
  EXPECT_EQ(Sound("女厕"), "nvce");
  EXPECT_EQ(Sound("nǚ cè"), "nvce");
  EXPECT_EQ(Sound("nu\u0308ce nv3ce4"), "nvcenvce");
  EXPECT_EQ(Words("nü"), "nu");
  EXPECT_EQ(Sound("für"), "fur");
}

TEST(NormalizedTextTest, CharactersOfTwoReadingsSoundAsInTheirWord) {
  EXPECT_EQ(Sound("音乐盒"), "yinyuehe");
  EXPECT_EQ(Sound("空调"), "kongtiao");
  EXPECT_EQ(Sound("快乐"), "kuaile");
}

TEST(NormalizedTextTest, WordsBeginAndEndWhereTheOriginalSeparatesThem) {
  EXPECT_EQ(Bounded("pen-cam", TextView::kTight), "pen|cam");
  EXPECT_EQ(Bounded("open camera", TextView::kTight), "open|camera");
  EXPECT_EQ(Bounded("open camera", TextView::kSound), "open|camera");
  EXPECT_EQ(Bounded("spy cam", TextView::kWords), "spy| |cam");
}

TEST(NormalizedTextTest, WordsBeginAndEndWhereTheScriptChanges) {
  EXPECT_EQ(Bounded("4k摄像usb", TextView::kTight), "4|k|摄|像|usb");
  EXPECT_EQ(Bounded("spycam2024", TextView::kTight), "spycam|2024");
  EXPECT_EQ(Bounded("кcам", TextView::kTight), "kcam");
  EXPECT_EQ(Bounded("ラカ몰카", TextView::kTight), "ラ|カ|몰|카");
}

TEST(NormalizedTextTest, SyllablesOfTypedPinyinAreBoundaries) {
  EXPECT_EQ(Bounded("maizhenkong", TextView::kSound), "mai|zhen|kong");
  EXPECT_EQ(Bounded("tou1pai1ji", TextView::kSound), "tou|pai|ji");
  EXPECT_EQ(Bounded("xian", TextView::kSound), "xi|an");
  EXPECT_EQ(Bounded("maizhenkong", TextView::kTight), "maizhenkong");
  EXPECT_EQ(Bounded("hidden", TextView::kSound), "hidden");
}

TEST(NormalizedTextTest, SpansAreOfTheOriginal) {
  EXPECT_EQ(Behind("卖針孔📷攝像頭!", TextView::kTight, "针孔摄像头"),
            "針孔📷攝像頭");
  EXPECT_EQ(Behind("a HID\u200bDE\u0301N cam", TextView::kWords, "hidden"),
            "HID\u200bDE\u0301N");
  EXPECT_EQ(Behind("全新zhen1 kong3机", TextView::kSound, "zhenkong"),
            "zhen1 kong");
  EXPECT_EQ(Behind("x ﬁlm", TextView::kWords, "film"), "ﬁlm");
  EXPECT_EQ(Behind("spy  cam", TextView::kWords, " "), "  ");
}

TEST(NormalizedTextTest, AKeyIsWhatItWouldBeInAView) {
  const Normalizer& normalizer = Normalizer::Get();
  EXPECT_EQ(normalizer.NormalizeKey(" Pen-Cam ", TextView::kWords), "pen cam");
  EXPECT_EQ(normalizer.NormalizeKey("Pen-Cam", TextView::kTight), "pencam");
  EXPECT_EQ(normalizer.NormalizeKey("針孔", TextView::kSound), "zhenkong");
  EXPECT_EQ(normalizer.NormalizeKey("📷", TextView::kTight), "");
}

TEST(NormalizedTextTest, ATextCanBeFilledAgain) {
  NormalizedText text;
  EXPECT_EQ(text.view(TextView::kSound), "");
  EXPECT_TRUE(text.IsBoundary(TextView::kSound, 0));
  Normalizer::Get().Normalize("针孔摄像头", &text);
  Normalizer::Get().Normalize("cam", &text);
  EXPECT_EQ(text.view(TextView::kTight), "cam");
  EXPECT_EQ(BrokenPromise("cam", text), "");
  Normalizer::Get().Normalize("", &text);
  EXPECT_EQ(text.view(TextView::kTight), "");
  EXPECT_EQ(BrokenPromise("", text), "");
}

}  // namespace
}  // namespace lenscap
