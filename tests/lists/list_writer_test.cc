#include "lists/list_writer.h"

#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/entry_line.h"
#include "lists/list_reader.h"
#include "tests/lists/clips.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::StartsWith;

std::unique_ptr<ByteReader> MustOpen(const std::string& path) {
  auto reader = OpenByteReader(path);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return *std::move(reader);
}

std::vector<Clip> RandomClips(int count) {
  std::mt19937_64 random(7);
  std::vector<Clip> clips;
  for (int i = 0; i < count; ++i) {
    clips.push_back(RandomClip("list", absl::StrCat("entry-", i), random));
  }
  return clips;
}

TEST(ListWriterTest, RandomClipsComeBackAsTheyWere) {
  const std::string path = MakeTempDirectory() + "/list";
  const std::vector<Clip> clips = RandomClips(500);
  for (const bool compress : {false, true}) {
    const ListEnvelope envelope = WriteClips(path, clips, compress);
    auto reader = ListReader::Open(MustOpen(path));
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ((*reader)->envelope().terms, envelope.terms);
    EXPECT_EQ((*reader)->envelope().content, envelope.content);
    EXPECT_EQ((*reader)->envelope().entries, 500);
    for (const Clip& clip : clips) {
      const auto change = (*reader)->Next();
      ASSERT_TRUE(change.ok() && *change) << change.status();
      EXPECT_TRUE(SameClip((*change)->clip, clip)) << clip.entry_id;
    }
    const auto end = (*reader)->Next();
    ASSERT_TRUE(end.ok()) << end.status();
    EXPECT_FALSE(*end);
  }
}

TEST(ListWriterTest, WritingAgainIsTheSameByteForByte) {
  const std::string directory = MakeTempDirectory();
  WriteClips(directory + "/one", RandomClips(100));
  std::vector<Clip> clips;
  const auto changes = ReadList(MustOpen(directory + "/one"));
  ASSERT_TRUE(changes.ok()) << changes.status();
  for (const EntryChange& change : *changes) clips.push_back(change.clip);
  WriteClips(directory + "/two", clips);
  EXPECT_EQ(ReadSmallFile(directory + "/one", 1 << 24).value(),
            ReadSmallFile(directory + "/two", 1 << 24).value());
}

TEST(ListWriterTest, NanosecondsAreCutToMicroseconds) {
  Clip clip = RandomClips(1)[0];
  clip.frames = {{.hash = {},
                  .quality = 50,
                  .time = absl::Nanoseconds(33'366'700),
                  .until = absl::Nanoseconds(33'366'999)}};
  clip.duration = absl::Nanoseconds(33'366'999);
  clip.detail = {};
  const auto line = FormatEntry(Addition(clip));
  ASSERT_TRUE(line.ok()) << line.status();
  const auto read = ParseEntry(line->text, "list");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->clip.frames[0].time, absl::Microseconds(33'366));
  EXPECT_EQ(read->clip.duration, absl::Microseconds(33'366));
}

TEST(ListWriterTest, ADeltaHasWhatTheCallerSays) {
  const std::string path = MakeTempDirectory() + "/list";
  auto writer = ListWriter::Create(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EntryChange change;
  change.op = EntryChange::Op::kWithdraw;
  change.reason = "why";
  change.clip.entry_id = "entry-1";
  ASSERT_TRUE(writer->Add(change).ok());
  ListEnvelope envelope = SomeEnvelope();
  envelope.kind = ListEnvelope::Kind::kDelta;
  envelope.version = 2;
  envelope.previous_sha256.emplace().fill(0xab);
  envelope.content.fill(0xcd);
  ASSERT_TRUE(writer->Finish(envelope, false).ok());
  auto reader = ListReader::Open(MustOpen(path));
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->envelope().content, envelope.content);
  EXPECT_EQ((*reader)->envelope().previous_sha256, envelope.previous_sha256);
  const auto read = (*reader)->Next();
  ASSERT_TRUE(read.ok() && *read) << read.status();
  EXPECT_EQ((*read)->reason, "why");
}

TEST(ListWriterTest, WhatCouldNotBeReadIsNotWritten) {
  const std::string path = MakeTempDirectory() + "/list";
  auto writer = ListWriter::Create(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  std::mt19937_64 random(1);
  Clip clip = RandomClip("list", "entry", random);
  for (const auto& spoil : std::vector<std::function<void(Clip&)>>{
           [](Clip& c) { c.entry_id = "a b"; },
           [](Clip& c) { c.severity = Severity{9}; },
           [](Clip& c) { c.terms.advice = Advice{9}; },
           [](Clip& c) { c.terms.max_distance = 40; },
           [](Clip& c) { c.terms.category = "\xff"; },
           [](Clip& c) { c.terms.assessors.assign(17, "x"); },
           [](Clip& c) { c.duration = -absl::Seconds(1); },
           [](Clip& c) {
             c.md5.reset(), c.sha256.reset(), c.sha1.reset(), c.frames.clear();
           }}) {
    Clip spoilt = clip;
    spoil(spoilt);
    EXPECT_TRUE(absl::IsInvalidArgument(writer->Add(Addition(spoilt))));
  }
  ListEnvelope envelope = SomeEnvelope();
  envelope.terms.expires = absl::InfiniteFuture();
  EXPECT_THAT(std::string(writer->Finish(envelope, false).status().message()),
              StartsWith("expires: "));
  EXPECT_FALSE(std::filesystem::exists(path));
  const auto written = writer->Finish(SomeEnvelope(), false);
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->entries, 0);
}

TEST(ListWriterTest, AFullDiskLeavesWhatWasThere) {
  const std::string directory = MakeTempDirectory();
  const std::string path = directory + "/list";
  WriteClips(path, RandomClips(3));
  const std::string before = ReadSmallFile(path, 1 << 20).value();
  // A device that is always full stands where the new file would be written.
  std::filesystem::create_symlink("/dev/full", path + kUnfinished);
  auto writer = ListWriter::Create(path);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->Add(Addition(RandomClips(1)[0])).ok());
  EXPECT_FALSE(writer->Finish(SomeEnvelope(), false).ok());
  EXPECT_EQ(ReadSmallFile(path, 1 << 20).value(), before);
  EXPECT_FALSE(std::filesystem::exists(path + kUnfinished));
}

}  // namespace
}  // namespace lenscap
