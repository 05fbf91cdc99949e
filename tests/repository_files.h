#ifndef LENSCAP_TESTS_REPOSITORY_FILES_H_
#define LENSCAP_TESTS_REPOSITORY_FILES_H_

#include <vector>

#include "tests/layers.h"

namespace lenscap {

// The rooms' C++ and BUILD files, from the test's runfiles.
std::vector<SourceFile> RepositoryFiles();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_REPOSITORY_FILES_H_
