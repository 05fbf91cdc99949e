#include "index/clip_check.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::StartsWith;

constexpr int kMinQuality = 50;

Clip GoodClip() {
  Random random(1);
  return MakeClip("list", "entry", MovingHashes(5, 8, random));
}

TEST(ClipCheckTest, AGoodClipPasses) {
  EXPECT_TRUE(CheckClip(GoodClip(), kMinQuality).ok());
}

TEST(ClipCheckTest, IdsHaveTheirOwnCharactersAndLengths) {
  for (const std::string& id :
       {std::string("a"), std::string("a-z_0.9"), std::string(64, 'x')}) {
    EXPECT_TRUE(CheckListId(id).ok()) << id;
  }
  for (const std::string& id :
       {std::string(), std::string(65, 'x'), std::string("A"),
        std::string("a b"), std::string("a/b"), std::string("a\0", 2),
        std::string("\xc3\xa4")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckListId(id))) << id;
  }
  EXPECT_TRUE(CheckEntryId("sha256:00FF-x_y.z").ok());
  EXPECT_TRUE(CheckEntryId(std::string(128, 'x')).ok());
  for (const std::string& id : {std::string(), std::string(129, 'x'),
                                std::string("a/b"), std::string("a\0b", 3)}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckEntryId(id))) << id;
  }
}

TEST(ClipCheckTest, TextsHaveBounds) {
  EXPECT_TRUE(CheckIssuer("Bureau").ok());
  EXPECT_TRUE(CheckIssuer(std::string(256, 'x')).ok());
  EXPECT_EQ(CheckIssuer("").message(),
            "issuer: expected 1 to 256 bytes, got 0");
  EXPECT_EQ(CheckIssuer(std::string(257, 'x')).message(),
            "issuer: expected 1 to 256 bytes, got 257");
  EXPECT_TRUE(CheckReason(std::string(1024, 'x')).ok());
  EXPECT_EQ(CheckReason(std::string(1025, 'x')).message(),
            "reason: expected 1 to 1024 bytes, got 1025");
}

TEST(ClipCheckTest, TheFieldAtFaultIsNamed) {
  struct Fault {
    std::string message;  // Begins so.
    std::function<void(Clip&)> make;
  };
  const std::vector<Fault> table = {
      {"list_id: ", [](Clip& clip) { clip.list_id = "No"; }},
      {"entry_id: ", [](Clip& clip) { clip.entry_id = ""; }},
      {"severity: expected 1 to 3, got 0",
       [](Clip& clip) { clip.severity = static_cast<Severity>(0); }},
      {"severity: expected 1 to 3, got 4",
       [](Clip& clip) { clip.severity = static_cast<Severity>(4); }},
      {"duration: expected 0 to 277h46m40s, got -1s",
       [](Clip& clip) { clip.duration = -absl::Seconds(1); }},
      {"duration: ",
       [](Clip& clip) { clip.duration = absl::InfiniteDuration(); }},
      {"frames: expected at most 1000000, got 1000001",
       [](Clip& clip) { clip.frames.resize(1'000'001); }},
      {"frames[2].quality: expected 0 to 100, got 101",
       [](Clip& clip) { clip.frames[2].quality = 101; }},
      {"frames[0].quality: expected 0 to 100, got -1",
       [](Clip& clip) { clip.frames[0].quality = -1; }},
      {"frames[3].time: expected 500ms (the frame before) to 1.25s (the "
       "duration), got 499ms",
       [](Clip& clip) { clip.frames[3].time = absl::Milliseconds(499); }},
      {"frames[0].time: ",
       [](Clip& clip) { clip.frames[0].time = -absl::Nanoseconds(1); }},
      {"frames[4].time: ",
       [](Clip& clip) { clip.frames[4].time = absl::Seconds(1.3); }},
      {"frames[2].until: expected 500ms (its time) to 750ms (the next frame), "
       "got 750.000001ms",
       [](Clip& clip) {
         clip.frames[2].until = absl::Milliseconds(750) + absl::Nanoseconds(1);
       }},
      {"frames[1].until: expected 250ms (its time) to 1.25s (the duration), "
       "got 0",
       [](Clip& clip) { clip.frames[1].until = absl::ZeroDuration(); }},
      {"frames[4].until: expected 1s (its time) to 1.25s (the duration), "
       "got 1.3s",
       [](Clip& clip) { clip.frames[4].until = absl::Seconds(1.3); }},
      {"frames: expected one of quality 50 or more, or a digest of the file",
       [](Clip& clip) {
         for (ReferenceFrame& frame : clip.frames) frame.quality = 49;
       }},
      {"frames: expected one of quality 50 or more",
       [](Clip& clip) { clip.frames.clear(); }},
  };
  for (const Fault& fault : table) {
    Clip clip = GoodClip();
    fault.make(clip);
    const absl::Status status = CheckClip(clip, kMinQuality);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << fault.message;
    EXPECT_THAT(std::string(status.message()), StartsWith(fault.message));
  }
}

TEST(ClipCheckTest, DetailHasBoundsToo) {
  Clip clip = GoodClip();
  clip.detail.keypoints.resize(kMaxClipKeypoints);
  clip.detail.scenes.resize(kMaxClipScenes);
  EXPECT_TRUE(CheckClip(clip, kMinQuality).ok());
  clip.detail.scenes.emplace_back();
  EXPECT_THAT(std::string(CheckClip(clip, kMinQuality).message()),
              StartsWith("detail.scenes: expected at most 64, got 65"));
  clip.detail.keypoints.emplace_back();
  EXPECT_THAT(std::string(CheckClip(clip, kMinQuality).message()),
              StartsWith("detail.keypoints: expected at most 200000"));
}

TEST(ClipCheckTest, ADigestAloneIsEnoughToMatch) {
  Clip clip = GoodClip();
  clip.frames.clear();
  clip.md5 = Md5{};
  EXPECT_TRUE(CheckClip(clip, kMinQuality).ok());
  clip.md5.reset();
  clip.sha256 = Sha256{};
  EXPECT_TRUE(CheckClip(clip, kMinQuality).ok());
  clip.sha256.reset();
  clip.sha1 = Sha1{};
  EXPECT_TRUE(CheckClip(clip, kMinQuality).ok());
}

TEST(ClipCheckTest, TermsHaveBounds) {
  EntryTerms terms{.category = std::string(64, 'x'),
                   .max_distance = 0,
                   .advice = Advice::kBlock,
                   .assessors = std::vector<std::string>(16, "a")};
  EXPECT_TRUE(CheckTerms(terms).ok());
  const auto fault = [&](auto change) {
    EntryTerms changed = terms;
    change(changed);
    return std::string(CheckTerms(changed).message());
  };
  EXPECT_THAT(fault([](auto& t) { t.category += "x"; }),
              StartsWith("category: "));
  EXPECT_THAT(fault([](auto& t) { t.max_distance = 32; }),
              StartsWith("max_distance: expected 0 to 31, got 32"));
  EXPECT_THAT(fault([](auto& t) { t.advice = static_cast<Advice>(3); }),
              StartsWith("advice: "));
  EXPECT_THAT(fault([](auto& t) { t.assessors.push_back("b"); }),
              StartsWith("assessors: "));
  EXPECT_THAT(fault([](auto& t) { t.assessors[3] = ""; }),
              StartsWith("assessors: "));
}

TEST(ClipCheckTest, TermsOfListsHaveBounds) {
  ListTerms terms{.legal_basis = std::string(1024, 'x'),
                  .jurisdictions = {"KR", "EU"}};
  EXPECT_TRUE(CheckListTerms(terms).ok());
  terms.legal_basis += "x";
  EXPECT_THAT(std::string(CheckListTerms(terms).message()),
              StartsWith("legal_basis: "));
  for (const std::string jurisdiction : {"kr", "KOR", "", "K1"}) {
    const ListTerms bad{.jurisdictions = {jurisdiction}};
    EXPECT_THAT(std::string(CheckListTerms(bad).message()),
                StartsWith("jurisdictions: "));
  }
}

TEST(ClipCheckTest, AnImageHasNoDuration) {
  Clip clip = GoodClip();
  clip.frames.resize(1);
  clip.duration = absl::ZeroDuration();
  EXPECT_TRUE(CheckClip(clip, kMinQuality).ok());
}

}  // namespace
}  // namespace lenscap
