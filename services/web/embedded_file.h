#ifndef LENSCAP_SERVICES_WEB_EMBEDDED_FILE_H_
#define LENSCAP_SERVICES_WEB_EMBEDDED_FILE_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// A file that is linked into the program (services/web/embed.py).
struct EmbeddedFile {
  absl::string_view name;  // From the folder that was embedded: "i18n/en.json".
  absl::string_view bytes;
};

// The console's pages, styles and scripts: services/web/console.
std::vector<EmbeddedFile> ConsoleFiles();

// The API's descriptors with the comments of the protos, as a serialized
// FileDescriptorSet.
absl::string_view ApiDescriptors();

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_EMBEDDED_FILE_H_
