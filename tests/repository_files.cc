#include "tests/repository_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace lenscap {

namespace fs = std::filesystem;

std::vector<SourceFile> RepositoryFiles() {
  std::vector<SourceFile> files;
  for (const std::string& room : Rooms()) {
    if (!fs::is_directory(room)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(
             room, fs::directory_options::follow_directory_symlink)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      files.push_back({entry.path().string(),
                       std::string(std::istreambuf_iterator<char>(file), {})});
    }
  }
  return files;
}

}  // namespace lenscap
