#include "services/cli/media_sniff.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/media_files.h"

namespace lenscap::cli {
namespace {

const std::string kHash(64, 'a');

TEST(MediaSniffTest, EveryContainerThatTheDecoderTakesIsMedia) {
  struct Case {
    std::string name;
    std::vector<std::string> encoding;
  };
  const std::vector<Case> cases = {
      {"a.mp4", {"-c:v", "mpeg4"}},
      {"a.mov", {"-c:v", "mjpeg"}},
      {"a.3gp", {"-c:v", "mpeg4"}},
      {"a.mkv", {"-c:v", "mpeg4"}},
      {"a.webm", {"-c:v", "libvpx", "-deadline", "realtime"}},
      {"a.avi", {"-c:v", "mpeg4"}},
      {"a.flv", {"-c:v", "flv"}},
      {"a.ts", {"-c:v", "mpeg2video"}},
      {"a.m2ts", {"-c:v", "mpeg2video"}},
      {"a.mpg", {"-c:v", "mpeg2video"}},
      {"a.gif", {}},
      {"a.png", {"-frames:v", "1"}},
      {"a.jpg", {"-frames:v", "1"}},
      {"a.webp", {"-frames:v", "1"}},
  };
  for (const Case& test : cases) {
    std::vector<std::string> args = {"-f", "lavfi", "-i",
                                     "testsrc2=d=0.4:s=64x48:r=25"};
    args.insert(args.end(), test.encoding.begin(), test.encoding.end());
    const std::string bytes = ReadFileBytes(MakeMedia(test.name, args));
    EXPECT_EQ(SniffContent(bytes), Content::kMedia) << test.name;
    EXPECT_EQ(SniffContent(bytes.substr(0, kSniffBytes)), Content::kMedia)
        << test.name;
  }
}

TEST(MediaSniffTest, HashTextIsToldByItsFirstLine) {
  EXPECT_EQ(SniffContent(kHash + "\n"), Content::kPdqText);
  EXPECT_EQ(SniffContent("\r\n" + kHash + ",100\r\n"), Content::kPdqText);
  EXPECT_EQ(SniffContent("0,100," + kHash + ",0.000\n"), Content::kVpdqText);
}

TEST(MediaSniffTest, AnythingElseIsOther) {
  for (const std::string& text :
       {std::string(), std::string("hello\n"), std::string("RIFF1234WAVE"),
        std::string("#EXTM3U\n"), std::string("ftypisom"),
        kHash.substr(1) + "\n", kHash + "0\n", kHash + ",1,2\n",
        std::string("G") + std::string(187, 'x') + "x"}) {
    EXPECT_EQ(SniffContent(text), Content::kOther) << text;
  }
}

TEST(MediaSniffTest, AnyHeadIsSafeToLookAt) {
  const std::string bytes = ReadFileBytes(
      MakeMedia("a.ts", {"-f", "lavfi", "-i", "testsrc2=d=0.2:s=64x48:r=25"}));
  for (size_t size = 0; size < 600; ++size) {
    SniffContent(bytes.substr(0, size));  // Must not read beyond the end.
  }
}

TEST(MediaSniffTest, ASignedListIsToldByItsEnvelope) {
  EXPECT_EQ(SniffContent("{\"entries\":1,\"format\":\"lenscap-list/1\"}\n{}\n"),
            Content::kHashList);
  EXPECT_EQ(SniffContent("\x28\xb5\x2f\xfd..."), Content::kHashList);
  EXPECT_EQ(SniffContent("{\"entries\":1}\n{\"format\":\"lenscap-list/1\"}\n"),
            Content::kOther);
}

}  // namespace
}  // namespace lenscap::cli
