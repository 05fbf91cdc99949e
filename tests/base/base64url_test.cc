#include "base/base64url.h"

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(Base64UrlTest, KnownTextsComeOut) {
  // RFC 4648, section 10, and RFC 7515, appendix C.
  EXPECT_EQ(ToBase64Url(""), "");
  EXPECT_EQ(ToBase64Url("f"), "Zg");
  EXPECT_EQ(ToBase64Url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(ToBase64Url("\x03\xec\xff\xe0\xc1"), "A-z_4ME");
  EXPECT_EQ(FromBase64Url("A-z_4ME").value(), "\x03\xec\xff\xe0\xc1");
}

TEST(Base64UrlTest, EveryLengthComesBack) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(FromBase64Url(ToBase64Url(bytes)).value(), bytes);
    bytes.push_back(static_cast<char>(i * 37));
  }
}

TEST(Base64UrlTest, BytesHaveNoSecondText) {
  for (const char* text :
       {"Zg==", "Zh", " Zg", "Zg\n", "Z", "A+z/4ME", "Z.g"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(FromBase64Url(text).status())) << text;
  }
}

}  // namespace
}  // namespace lenscap
