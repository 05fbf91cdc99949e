#include "base/digest.h"

#include <utility>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

// From FIPS 180-2, RFC 1321 and RFC 1952's usual check value.
TEST(DigestTest, KnownAnswers) {
  EXPECT_EQ(ToHex(Sha256Of("abc")),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  Digester digester;
  digester.Update("abc");
  EXPECT_EQ(ToHex(digester.Finish().sha256), ToHex(Sha256Of("abc")));
  EXPECT_EQ(ToHex(digester.Finish().md5), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926);
}

TEST(DigestTest, NothingHasADigestToo) {
  EXPECT_EQ(ToHex(Digester().Finish().sha256),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Digester().Finish().md5), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(Crc32(""), 0);
}

TEST(DigestTest, PiecesMakeTheDigestOfTheWhole) {
  const std::string whole(100'000, 'x');
  Digester digester;
  for (size_t at = 0, size = 1; at < whole.size(); at += size, size *= 3) {
    digester.Update(absl::string_view(whole).substr(at, size));
  }
  EXPECT_EQ(digester.Finish().sha256, Sha256Of(whole));
}

TEST(DigestTest, MoreMayFollowAFinish) {
  Digester digester;
  digester.Update("a");
  EXPECT_EQ(digester.Finish().sha256, Sha256Of("a"));
  Digester moved = std::move(digester);
  moved.Update("bc");
  EXPECT_EQ(moved.Finish().sha256, Sha256Of("abc"));
}

TEST(DigestTest, BytesAndDigitsSpeakOfTheSame) {
  const std::array<uint8_t, 3> bytes = {0x00, 0xab, 0xff};
  EXPECT_EQ(ToBytes(bytes), std::string("\x00\xab\xff", 3));
  EXPECT_EQ(ToHex(bytes), "00abff");
}

}  // namespace
}  // namespace lenscap
