// List files and keys by the program itself, without a server.

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/lenscap_process.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const char kEntries[] =
    R"({"op":"add","id":"a","severity":"critical","signals":[{"type":"md5","value":"78805a221a988e79ef3f42d7c5bfd418"}]}
{"op":"add","id":"b","severity":"suspected","signals":[{"type":"pdq","value":"f8f8f0cce0f4a84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22","quality":100}]}
)";
const char kChanges[] =
    R"({"op":"withdraw","id":"a","reason":"a film scene"}
{"op":"update","id":"b","severity":"confirmed","signals":[{"type":"md5","value":"00805a221a988e79ef3f42d7c5bfd418"}]}
)";

class ListFileTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) { return directory_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  std::string Read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(Path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  // Runs `lenscap list ...`, which must do it; returns what it says.
  std::string List(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "list");
    const Outcome outcome = Lenscap(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
  // Runs it, which must not; returns why not.
  std::string Refusal(std::vector<std::string> arguments, int code = 3) {
    arguments.insert(arguments.begin(), "list");
    const Outcome outcome = Lenscap(arguments);
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    return outcome.err;
  }
  std::string Keygen(const std::string& name) {
    std::string id = List({"keygen", Path(name)});
    id.pop_back();
    return id;
  }
  void Sign(const std::string& file, const std::string& key) {
    List({"sign", Path(file), "--key", Path(key)});
  }
  // Two keys of which both sign, and version 1 of a list.
  void MakeFirst() {
    alice_ = Keygen("alice");
    Keygen("bob");
    List({"keys", "new", Path("alice.pub"), Path("bob.pub"), "-o", Path("keys"),
          "--issuer", "Hotline", "--threshold", "2", "--expires",
          "2100-01-01"});
    List({"make", Write("entries", kEntries), "-o", Path("v1"), "--list",
          "list", "--issuer", "Hotline", "--expires", "2100-01-01",
          "--jurisdiction", "EU", "--jurisdiction", "KR"});
  }
  std::vector<std::string> Verify(const std::string& file) {
    return {"verify", Path(file), "--keys", Path("keys")};
  }

  const std::string directory_ = MakeTempDirectory();
  std::string alice_;
};

TEST_F(ListFileTest, AKeyIsItsOwnersAloneAndNeverOverwritten) {
  EXPECT_EQ(Keygen("key").size(), 43u);
  struct stat facts = {};
  ASSERT_EQ(stat(Path("key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_THAT(Read("key.pub"), HasSubstr("BEGIN PUBLIC KEY"));
  EXPECT_THAT(Refusal({"keygen", Path("key")}), HasSubstr("is there already"));
}

TEST_F(ListFileTest, AListIsMadeSignedByTwoAndVerified) {
  MakeFirst();
  Sign("v1", "alice");
  EXPECT_THAT(Refusal(Verify("v1")), HasSubstr("1 of 2 signatures"));
  Sign("v1", "bob");
  Sign("v1", "bob");  // Again is once.
  EXPECT_THAT(List(Verify("v1")),
              AllOf(HasSubstr("list of Hotline, version 1: snapshot of 2"),
                    Not(HasSubstr("not checked"))));
  Write("v1", Read("v1") + "\n");
  EXPECT_THAT(Refusal(Verify("v1")), HasSubstr("wrong signature"));
}

TEST_F(ListFileTest, ADeltaFollowsOnItsSnapshot) {
  MakeFirst();
  const auto make = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {
        "make",      Write("changes", kChanges),
        "-o",        Path("v2"),
        "--delta",   "--zstd",
        "--expires", "2100-01-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  EXPECT_THAT(Refusal(make({"--list", "list", "--issuer", "Hotline"})),
              HasSubstr("--previous"));
  List(make({"--previous", Path("v1")}));
  Sign("v2", "alice");
  Sign("v2", "bob");
  EXPECT_THAT(List(Verify("v2")), HasSubstr("not checked"));
  std::vector<std::string> chain = Verify("v2");
  chain.insert(chain.end(), {"--previous", Path("v1")});
  EXPECT_THAT(List(chain), AllOf(HasSubstr("version 2: delta of 2 entries"),
                                 Not(HasSubstr("not checked"))));
  // Another version 1 is not what it follows on.
  List({"make", Write("entries", kEntries), "-o", Path("v1"), "--list", "list",
        "--issuer", "Hotline", "--expires", "2101-01-01"});
  EXPECT_THAT(Refusal(chain), HasSubstr("previous_sha256: fork"));
}

TEST_F(ListFileTest, BadLinesAreNamedAndNothingIsWritten) {
  EXPECT_THAT(Refusal({"make", Write("bad", std::string(kEntries) + "{}\n"),
                       "-o", Path("out"), "--list", "list", "--issuer",
                       "Hotline", "--expires", "2100-01-01"}),
              HasSubstr("bad: line 3: op: missing"));
  EXPECT_EQ(Read("out"), "");
}

TEST_F(ListFileTest, WhatIsNeitherListNorKeySetIsNotSigned) {
  Keygen("key");
  EXPECT_THAT(Refusal({"sign", Write("file", "hello\n"), "--key", Path("key")}),
              HasSubstr("line 1: it is not JSON"));
  EXPECT_EQ(Read("file.jws"), "");
}

TEST_F(ListFileTest, KeysAreRotated) {
  MakeFirst();
  Keygen("carol");
  EXPECT_THAT(
      List({"keys", "rotate", Path("keys"), "-o", Path("keys2"), "--add",
            Path("carol.pub"), "--revoke", alice_, "--reason", "left us"}),
      HasSubstr("version 2 of the keys of Hotline: 2 of 2 sign"));
  for (const std::string key : {"alice", "bob", "carol"}) Sign("keys2", key);
  EXPECT_THAT(List(Verify("keys2")), HasSubstr("version 2 of the keys"));
  EXPECT_THAT(Refusal({"verify", Path("keys"), "--keys", Path("keys2")}),
              HasSubstr("No such file"));
  for (const std::string key : {"alice", "bob"}) {
    Sign("keys", key);
    Sign("v1", key);
  }
  EXPECT_THAT(List(Verify("keys")), HasSubstr("version 1 of the keys"));
  EXPECT_THAT(Refusal({"verify", Path("keys"), "--keys", Path("keys2")}),
              HasSubstr("version: expected 3, got 1"));
  EXPECT_THAT(Refusal({"verify", Path("v1"), "--keys", Path("keys2")}),
              AllOf(HasSubstr("1 of 2"), HasSubstr("left us")));
  EXPECT_THAT(Refusal({"keys", "rotate", Path("keys"), "-o", Path("keys2"),
                       "--revoke", "nobody", "--reason", "x"}),
              HasSubstr("not in the key set"));
}

TEST_F(ListFileTest, CommandLinesThatSayTooLittleAreRefused) {
  Refusal({"keys"}, 2);
  Refusal({"make", "entries", "-o", "out", "--expires", "2100-01-01"}, 2);
  Refusal({"make", "entries", "-o", "out", "--list", "list", "--issuer", "x",
           "--expires", "soon"},
          2);
  Refusal({"keys", "rotate", "keys", "-o", "out", "--revoke", "x"}, 2);
}

}  // namespace
}  // namespace lenscap::cli
