#include "base/zstd.h"

#include <algorithm>
#include <random>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/byte_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

// Hands out a few bytes at a time.
class SlowReader final : public ByteReader {
 public:
  SlowReader(std::string bytes, size_t step)
      : bytes_(std::move(bytes)), step_(step) {}
  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    const size_t count =
        bytes_.copy(buffer.data(), std::min(step_, buffer.size()), at_);
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  size_t step_, at_ = 0;
};

absl::StatusOr<std::string> ReadAll(std::unique_ptr<ByteReader> file,
                                    const ZstdLimits& limits = {}) {
  const auto reader = MakeInflatingReader(std::move(file), limits);
  std::string all;
  char buffer[1000];
  while (true) {
    const auto count = reader->Read(absl::MakeSpan(buffer));
    if (!count.ok()) return count.status();
    if (*count == 0) return all;
    all.append(buffer, *count);
  }
}

absl::Status ErrorOf(std::string bytes, const ZstdLimits& limits = {}) {
  return ReadAll(MakeByteReader(std::move(bytes)), limits).status();
}

std::string SomeText(size_t bytes) {
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < bytes) text += std::to_string(random());
  return text;
}

TEST(ZstdTest, TextComesBackHoweverItArrives) {
  const std::string text = SomeText(300'000);
  const std::string compressed = ZstdCompress(text);
  EXPECT_LT(compressed.size(), text.size() / 2);
  for (const size_t step : {1, 3, 1000, 1 << 20}) {
    EXPECT_EQ(ReadAll(std::make_unique<SlowReader>(compressed, step)).value(),
              text);
    EXPECT_EQ(ReadAll(std::make_unique<SlowReader>(text, step)).value(), text);
  }
  EXPECT_EQ(ZstdDecompress(compressed, {}).value(), text);
}

TEST(ZstdTest, PiecesMakeOneFrame) {
  const std::string text = SomeText(1'000'000);
  ZstdWriter writer;
  std::string compressed;
  for (size_t at = 0; at < text.size(); at += 777) {
    compressed += writer.Add(absl::string_view(text).substr(at, 777));
  }
  compressed += writer.Finish();
  EXPECT_EQ(ZstdDecompress(compressed, {}).value(), text);
}

TEST(ZstdTest, NothingIsNothing) {
  EXPECT_EQ(ReadAll(MakeByteReader("")).value(), "");
  EXPECT_EQ(ReadAll(MakeByteReader(ZstdCompress(""))).value(), "");
}

TEST(ZstdTest, DamageACutAndATailAreRefused) {
  const std::string text = SomeText(5'000);
  const std::string compressed = ZstdCompress(text);
  for (size_t at = 4; at < compressed.size(); ++at) {
    std::string damaged = compressed;
    damaged[at] ^= 0x10;
    // A few bits of the format say nothing.
    const auto read = ReadAll(MakeByteReader(damaged));
    EXPECT_TRUE(!read.ok() || *read == text) << at;
    EXPECT_FALSE(ErrorOf(compressed.substr(0, at)).ok()) << at;
  }
  EXPECT_THAT(std::string(ErrorOf(compressed + "x").message()),
              HasSubstr("behind the end"));
  EXPECT_THAT(std::string(ErrorOf(compressed + compressed).message()),
              HasSubstr("behind the end"));
}

TEST(ZstdTest, ABombEndsEarly) {
  // A gigabyte of zeros is less than 100 kB.
  ZstdWriter writer;
  std::string bomb;
  const std::string zeros(1 << 24, '\0');
  for (int i = 0; i < 64; ++i) bomb += writer.Add(zeros);
  bomb += writer.Finish();
  const absl::Status status = ErrorOf(bomb);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("256 times as much"));
}

TEST(ZstdTest, MoreThanAllowedIsRefused) {
  const std::string text = SomeText(100'000);
  for (const std::string& file : {text, ZstdCompress(text)}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ErrorOf(file, {.max_bytes = 99'999})));
  }
}

TEST(ZstdTest, AWindowThatTakesTooMuchMemoryIsRefused) {
  const std::string compressed = ZstdCompress(SomeText(3 << 20));
  EXPECT_THAT(std::string(ErrorOf(compressed, {.window_log = 12}).message()),
              HasSubstr("memory"));
}

TEST(ZstdTest, OnlyWhatIsCompressedDecompresses) {
  EXPECT_TRUE(absl::IsInvalidArgument(ZstdDecompress("plain", {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ZstdDecompress("", {}).status()));
}

}  // namespace
}  // namespace lenscap
