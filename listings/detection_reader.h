#ifndef LENSCAP_LISTINGS_DETECTION_READER_H_
#define LENSCAP_LISTINGS_DETECTION_READER_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "listings/detection.h"
#include "listings/pack_faults.h"
#include "listings/yaml_tree.h"

namespace lenscap {

// A rule's `detection`. Faults go to `faults`, with `where` before them; null
// if there was one.
std::shared_ptr<const Detection> ReadDetection(const YamlNode& node,
                                               absl::string_view where,
                                               PackFaults& faults);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_DETECTION_READER_H_
