#include "tests/support/paths.h"

#include <cstdlib>
#include <filesystem>

#include "gtest/gtest.h"

namespace lenscap {

std::string MakeTempDirectory() {
  std::string path = testing::TempDir() + "/lenscap-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) std::abort();
  return path;
}

std::optional<std::string> DevDataDirectory() {
  const char* directory = std::getenv("LENSCAP_DEV_DATA");
  if (directory == nullptr || !std::filesystem::is_directory(directory)) {
    return std::nullopt;
  }
  return directory;
}

}  // namespace lenscap
