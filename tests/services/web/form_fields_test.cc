#include "services/web/form_fields.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/intake.pb.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

class FormFieldsTest : public testing::Test {
 protected:
  absl::Status Put(const std::string& name, const std::string& value) {
    absl::Status status = fields_.Begin({.name = name, .file_name = ""});
    if (status.ok()) status = fields_.Take(value);
    if (status.ok()) status = fields_.End();
    return status;
  }

  v1::ReportHeader header_;
  FormFields fields_{&header_};
};

TEST_F(FormFieldsTest, FieldsOfAFormBecomeThoseOfTheMessage) {
  EXPECT_TRUE(Put("statement", "This is my own flat").ok());
  EXPECT_TRUE(Put("relation", "RELATION_SELF").ok());
  EXPECT_TRUE(Put("links", "https://one.example").ok());
  EXPECT_TRUE(Put("links", "").ok());
  EXPECT_TRUE(Put("links", "https://two.example").ok());
  EXPECT_TRUE(Put("total_bytes", "123").ok());
  EXPECT_TRUE(Put("language", "").ok());
  EXPECT_EQ(header_.statement(), "This is my own flat");
  EXPECT_EQ(header_.relation(), v1::ReportHeader::RELATION_SELF);
  EXPECT_THAT(header_.links(),
              ElementsAre("https://one.example", "https://two.example"));
  EXPECT_EQ(header_.total_bytes(), 123);
}

TEST_F(FormFieldsTest, AValueMayComeInPieces) {
  ASSERT_TRUE(fields_.Begin({.name = "name", .file_name = ""}).ok());
  EXPECT_TRUE(fields_.Take("\xe6").ok());
  EXPECT_TRUE(fields_.Take("\x9d\x8e").ok());
  ASSERT_TRUE(fields_.Begin({.name = "contact", .file_name = ""}).ok());
  EXPECT_TRUE(fields_.End().ok());
  EXPECT_EQ(header_.name(), "\xe6\x9d\x8e");
}

TEST_F(FormFieldsTest, WhatIsWrongIsNamed) {
  const auto message = [this](const char* name, const std::string& value) {
    const absl::Status status = Put(name, value);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << name;
    return std::string(status.message());
  };
  EXPECT_THAT(message("", "x"), StartsWith(": "));
  EXPECT_THAT(message("statement2", "x"), StartsWith("statement2: "));
  EXPECT_THAT(message("relation", "SELF"), StartsWith("relation: "));
  EXPECT_THAT(message("total_bytes", "1e9"), StartsWith("total_bytes: "));
  EXPECT_THAT(message("name", "\xff"), StartsWith("name: "));
  EXPECT_THAT(message("name", "\xed\xa0\x80"), StartsWith("name: "));
}

TEST_F(FormFieldsTest, LengthsAndNumbersOfFieldsAreBounded) {
  EXPECT_TRUE(Put("statement", std::string(16 << 10, 'a')).ok());
  EXPECT_FALSE(Put("statement", std::string((16 << 10) + 1, 'a')).ok());
  FormFields many(&header_);
  for (int i = 0; i < 256; ++i) {
    EXPECT_TRUE(many.Begin({.name = "links", .file_name = ""}).ok());
  }
  EXPECT_FALSE(many.Begin({.name = "links", .file_name = ""}).ok());
}

}  // namespace
}  // namespace lenscap
