#include "tests/one_definition.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/repository_files.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string InLenscap(const std::string& text) {
  return "namespace lenscap {\n" + text + "}  // namespace lenscap\n";
}

TEST(OneDefinitionTest, NoTwoFilesOfTheRepositoryDefineATypeOfTheSameName) {
  const std::vector<SourceFile> files = RepositoryFiles();
  EXPECT_GT(files.size(), 300u);
  EXPECT_THAT(FindSecondDefinitions(files), IsEmpty());
}

TEST(OneDefinitionTest, ASecondDefinitionIsNamedWithTheFirst) {
  const std::string type = InLenscap("class LineReader {\n};\n");
  EXPECT_THAT(FindSecondDefinitions({{"a/a.h", type}, {"b/b.cc", type}}),
              ElementsAre("b/b.cc:2: lenscap::LineReader is also defined in "
                          "a/a.h:2"));
}

TEST(OneDefinitionTest, EveryKindOfTypeCounts) {
  for (const char* text :
       {"struct A {\n};\n", "enum class A { kOne };\n", "enum A {\n};\n",
        "class A final : public B {\n};\n", "struct A : B<C> {};\n"}) {
    EXPECT_THAT(FindSecondDefinitions({{"a.h", InLenscap("class A {\n};\n")},
                                       {"b.h", InLenscap(text)}}),
                SizeIs(1))
        << text;
  }
}

TEST(OneDefinitionTest, WhatIsAnotherTypeDoesNotCount) {
  for (const char* text :
       {"class A;\n", "enum class A : int;\n", "struct A::B {\n};\n",
        "  struct A {\n  };\n", "struct A<int> {\n};\n",
        "namespace {\nclass A {\n};\n}  // namespace\n",
        "namespace other {\nclass A {\n};\n}  // namespace other\n"}) {
    EXPECT_THAT(FindSecondDefinitions({{"a.h", InLenscap("class A {\n};\n")},
                                       {"b.h", InLenscap(text)}}),
                IsEmpty())
        << text;
  }
}

}  // namespace
}  // namespace lenscap
