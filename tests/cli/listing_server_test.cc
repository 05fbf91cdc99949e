// `lenscap listing` and `lenscap rules` by the programs themselves.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/lenscap_process.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Words = std::vector<std::string>;

constexpr char kPack[] = R"(pack: own
version: 1
issuer: Example shop
title: Our own rules
caps: {concealment: 100}
---
title: Tissue box
id: tissue-box
status: stable
description: A tissue box that films.
references: [https://example.com/boxes]
level: high
falsepositives: [Tissue boxes]
group: concealment
action: review
score: 60
detection:
  box: [filming tissue box]
  condition: box
examples:
  positive: [Filming tissue-box]
  negative: [Tissue box]
)";

class ListingServerTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) { return directory_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  Outcome Run(const Words& words) {
    return Lenscap(words,
                   {.environment = {{"LENSCAP_SERVER", server_.address()}}});
  }
  // Runs it, which must do what it is asked.
  std::string Do(const Words& words) {
    const Outcome outcome = Run(words);
    EXPECT_EQ(outcome.exit_code, 0)
        << testing::PrintToString(words) << outcome.err;
    return outcome.out;
  }
  Outcome Review(const std::string& title) {
    return Run({"listing", "review",
                Write("one.csv", "listing_id,title\none," + title + "\n"),
                "--format=csv"});
  }

  const std::string directory_ = MakeTempDirectory();
  const ServerProcess server_{directory_ + "/data"};
};

TEST_F(ListingServerTest, ACrawlIsReviewedByTheRulesThatAreBuiltIn) {
  std::filesystem::rename(
      MakeMedia("a.jpg",
                {"-f", "lavfi", "-i", "testsrc2=s=320x240", "-frames:v", "1"}),
      Path("a.jpg"));
  const std::string crawl =
      Write("crawl.csv",
            "\xef\xbb\xbflisting_id,title,description,seller,photo_files\r\n"
            "camera,針 孔 攝 像 頭,\"充电器款,\r\n无光夜视\",shop-1,a.jpg\r\n"
            "copy,台灯,,shop-2,a.jpg;b.jpg\r\n"
            "short\r\n"
            "dashcam,行车记录仪 1080P,,shop-3,\r\n");
  const Outcome outcome = Run({"listing", "review", crawl, "--format=csv"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("lenscap: line 4: copy: photo_files[1]: b.jpg: "),
                    HasSubstr("lenscap: line 5: it has 1 fields where the "
                              "header has 5"),
                    HasSubstr("4 listings: 0 blocked, 1 to review, 2 allowed, "
                              "1 not reviewed; 1 photo not read")));
  const Words records = absl::StrSplit(outcome.out, "\r\n");
  ASSERT_EQ(records.size(), 6);
  EXPECT_THAT(records[1],
              AllOf(StartsWith("camera,REVIEW,"), HasSubstr("starter-zh/"),
                    HasSubstr("針 孔 攝 像 頭"), HasSubstr("case-")));
  EXPECT_THAT(records[2],
              AllOf(StartsWith("copy,ALLOW,0.0,"),
                    HasSubstr("a.jpg is a photo of listing camera at 0")));
  EXPECT_THAT(records[3], StartsWith(",ERROR,"));
  EXPECT_THAT(records[4], StartsWith("dashcam,ALLOW,"));
  EXPECT_THAT(Do({"queue", "ls"}), HasSubstr("case-"));

  // On a terminal, a row for what needs a look.
  const Outcome table = LenscapOnTerminal(
      {"listing", "review", crawl, "--server", server_.address()}, 80);
  EXPECT_EQ(table.exit_code, 3);
  EXPECT_THAT(table.out, AllOf(HasSubstr("REVIEW"), HasSubstr("針 孔 攝 像 頭"),
                               Not(HasSubstr("行车记录仪"))));
}

TEST_F(ListingServerTest, APackIsPublishedInShadowAndTurnedOn) {
  const std::string pack = Write("own.yaml", kPack);
  Do({"list", "keygen", Path("ada")});
  Do({"list", "keys", "new", Path("ada.pub"), "-o", Path("keys"),
      "--issuer=Example shop", "--expires=2100-01-01"});
  Do({"list", "sign", Path("keys"), "--key", Path("ada")});
  Do({"rules", "sign", pack, "--key", Path("ada")});
  // Nobody has vouched for the issuer yet.
  Outcome outcome = Run({"rules", "publish", pack});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("own.yaml: "));
  Do({"admin", "issuer", "install", Path("keys"), "--reason=met in person"});
  EXPECT_EQ(Run({"rules", "publish", pack, pack}).exit_code, 4);
  EXPECT_THAT(Do({"rules", "publish", pack}),
              AllOf(HasSubstr("own@1 by Example shop, published 20"),
                    HasSubstr("0 active, 1 in shadow")));

  EXPECT_EQ(Review("Filming tissue-box").exit_code, 0);
  EXPECT_THAT(Do({"rules", "mode", "own", "tissue-box", "active",
                  "--reason=no false alarm"}),
              HasSubstr("tissue-box of own is active, by hand"));
  outcome = Review("Filming tissue-box");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("one,REVIEW,60.0,own/tissue-box,"
                                     "Filming tissue-box,,case-"));

  Words packs;
  for (const std::string& line : Words(absl::StrSplit(
           Do({"rules", "list", "--json"}), '\n', absl::SkipEmpty()))) {
    packs.push_back(nlohmann::json::parse(line)["pack_id"]);
  }
  EXPECT_THAT(packs, ElementsAre("own", "starter-en", "starter-zh"));
  EXPECT_THAT(
      Do({"rules", "list"}),
      AllOf(HasSubstr("starter-zh@"), HasSubstr("built in"),
            ContainsRegex("tissue-box +active, by hand +concealment +60")));
}

TEST_F(ListingServerTest, ADataDirectoryServesWithoutAServer) {
  std::filesystem::create_directory(Path("alone"));
  const Outcome outcome =
      Lenscap({"listing", "review", "-", "--json", "--data-dir", Path("alone")},
              {.environment = {},
               .input_file = Write("listings",
                                   "{\"listing_id\":\"a\",\"title\":"
                                   "\"针孔摄像头 充电器款 无光夜视\"}\n")});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << outcome.out;
  EXPECT_EQ(json["report"]["verdict"]["action"], "ACTION_REVIEW");
}

}  // namespace
}  // namespace lenscap::cli
