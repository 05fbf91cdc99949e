#include "services/cli/listing_photos.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "fingerprint/fingerprint.h"
#include "fingerprint/hash256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class ListingPhotosTest : public testing::Test {
 protected:
  ListingPhotosTest() { fs::create_directory(directory_ + "/photos"); }

  void Write(const std::string& name, const std::string& bytes) {
    fs::rename(WriteTempFile("photo", bytes), directory_ + "/" + name);
  }
  PhotoFolder Open() {
    return PhotoFolder::Open(directory_ + "/photos",
                             [this] {
                               ++decoders_;
                               return OpenVideo(VideoReader::Open);
                             })
        .value();
  }
  PhotoNames Add(const std::vector<std::string>& files) {
    return Open().Add(files, request_).value();
  }

  const std::string directory_ = MakeTempDirectory();
  v1::ReviewListingRequest request_;
  int decoders_ = 0;
};

std::string Picture() {
  return ReadFileBytes(MakeMedia(
      "a.jpg", {"-f", "lavfi", "-i", "testsrc2=s=320x240", "-frames:v", "1"}));
}

TEST_F(ListingPhotosTest, SmallPhotosAreSentAsTheyAre) {
  Write("photos/a.jpg", "first");
  fs::create_directory(directory_ + "/photos/b");
  Write("photos/b/c.png", "second");
  request_.add_images("given");
  request_.add_image_hashes();
  const PhotoNames photos = Add({"a.jpg", "./b/../b/c.png"});
  EXPECT_THAT(request_.images(), ElementsAre("given", "first", "second"));
  EXPECT_THAT(photos.names, ElementsAre("images[0]", "a.jpg", "./b/../b/c.png",
                                        "image_hashes[0]"));
  EXPECT_THAT(photos.problems, IsEmpty());
  EXPECT_EQ(decoders_, 0);
}

TEST_F(ListingPhotosTest, WhatDoesNotFitIsSentAsItsHash) {
  const std::string picture = Picture();
  // What stands behind the picture's end does not matter to it.
  Write("photos/large.jpg", picture + std::string(kMaxRequestBytes, '\0'));
  Write("photos/small.jpg", picture);
  Write("photos/broken.jpg", std::string(kMaxRequestBytes, 'x'));
  const PhotoNames photos = Add({"large.jpg", "small.jpg", "broken.jpg"});
  EXPECT_THAT(photos.names, ElementsAre("small.jpg", "large.jpg"));
  EXPECT_THAT(photos.problems,
              ElementsAre(StartsWith("photo_files[2]: broken.jpg: ")));
  EXPECT_EQ(decoders_, 1);
  EXPECT_THAT(request_.images(), ElementsAre(picture));
  ASSERT_THAT(request_.image_hashes(), SizeIs(1));

  const auto reader =
      VideoReader::Open(MakeMemorySource(picture), ReaderOptions());
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto frame = (*reader)->Next();
  ASSERT_TRUE(frame.ok() && frame->has_value());
  const FrameFingerprint expected = Fingerprint(**frame);
  EXPECT_EQ(request_.image_hashes(0).pdq(), ToBytes(expected.hash()));
  EXPECT_EQ(request_.image_hashes(0).quality(), expected.quality());
}

TEST_F(ListingPhotosTest, TheRequestStaysWithinTheLimitHoweverManyThereAre) {
  const std::string picture = Picture();
  std::vector<std::string> files;
  for (size_t i = 0; i < kMaxListingPhotos; ++i) {
    files.push_back(std::to_string(i) + ".jpg");
    Write("photos/" + files.back(), picture + std::string(300'000, '\0'));
  }
  request_.set_description(std::string(200'000, 'x'));
  const PhotoNames photos = Add(files);
  EXPECT_THAT(photos.names, SizeIs(kMaxListingPhotos));
  EXPECT_EQ(request_.images_size() + request_.image_hashes_size(),
            static_cast<int>(kMaxListingPhotos));
  EXPECT_GT(request_.images_size(), 10);
  EXPECT_GT(request_.image_hashes_size(), 10);
  EXPECT_LE(request_.ByteSizeLong(), kMaxRequestBytes);
}

TEST_F(ListingPhotosTest, NoNameLeadsOutOfTheFolder) {
  Write("secret.jpg", "secret");
  fs::create_symlink(directory_ + "/secret.jpg", directory_ + "/photos/link");
  fs::create_symlink("..", directory_ + "/photos/up");
  const std::vector<std::string> files = {
      "../secret.jpg", "x/../../secret.jpg", directory_ + "/secret.jpg",
      "link",          "up/secret.jpg",      directory_ + "/photos/link"};
  const PhotoNames photos = Add(files);
  EXPECT_EQ(request_.images_size(), 0);
  EXPECT_THAT(photos.problems, SizeIs(files.size()));
  for (const std::string& problem : photos.problems) {
    EXPECT_THAT(problem, HasSubstr("does not lie in the photos' folder"));
  }
}

TEST_F(ListingPhotosTest, WhatIsNoFileIsNamedAndTheListingGoesOn) {
  Write("photos/empty.jpg", "");
  Write("photos/good.jpg", "good");
  ASSERT_EQ(mkfifo((directory_ + "/photos/pipe").c_str(), 0600), 0);
  const PhotoNames photos = Add({"missing.jpg", "", ".", "pipe", "empty.jpg",
                                 std::string("a\0b", 3), "good.jpg"});
  EXPECT_THAT(
      photos.problems,
      ElementsAre(AllOf(HasSubstr("photo_files[0]: missing.jpg"),
                        HasSubstr("No such file")),
                  HasSubstr("no name of a file"), HasSubstr("photo_files[2]"),
                  HasSubstr("no regular file"), HasSubstr("it is empty"),
                  HasSubstr("no name of a file")));
  EXPECT_THAT(request_.images(), ElementsAre("good"));
}

TEST_F(ListingPhotosTest, TooManyPhotosAreRefusedBeforeAnyIsRead) {
  request_.add_images("given");
  const auto photos =
      Open().Add(std::vector<std::string>(kMaxListingPhotos, "a"), request_);
  EXPECT_EQ(photos.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(photos.status().message()),
              HasSubstr("there are 33 photos; there may be 32"));
}

TEST_F(ListingPhotosTest, TheFolderMustBeOne) {
  const auto decoder = [] { return OpenVideo(VideoReader::Open); };
  Write("file", "x");
  EXPECT_EQ(PhotoFolder::Open(directory_ + "/none", decoder).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(PhotoFolder::Open(directory_ + "/file", decoder).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lenscap::cli
