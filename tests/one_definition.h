#ifndef LENSCAP_TESTS_ONE_DEFINITION_H_
#define LENSCAP_TESTS_ONE_DEFINITION_H_

#include <string>
#include <vector>

#include "tests/layers.h"

namespace lenscap {

// Types that two files define under one name, one "path:line: NAME is also
// defined in path:line" each. No compiler sees that; the linker keeps the
// destructor of one of them for both. What is within an unnamed namespace, or
// another type, does not count. Relies on clang-format's layout.
std::vector<std::string> FindSecondDefinitions(
    const std::vector<SourceFile>& files);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_ONE_DEFINITION_H_
