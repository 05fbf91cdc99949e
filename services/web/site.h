#ifndef LENSCAP_SERVICES_WEB_SITE_H_
#define LENSCAP_SERVICES_WEB_SITE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/web/embedded_file.h"
#include "services/web/http.h"

namespace lenscap {

// Files at fixed paths, which browsers keep and ask after each time: what a new
// program brings is seen at once. Paths are compared as they are sent, so none
// leads to anything else. Thread-safe once it is filled.
class Site {
 public:
  // `path` is "/console/app.js"; the type goes by its ending, or by that of
  // `named` where the path has none.
  void Add(const std::string& path, std::string bytes,
           absl::string_view named = "");

  // To GET and HEAD of a path that there is; none otherwise.
  std::optional<HttpAnswer> Find(const HttpRequest& request) const;

 private:
  struct Page {
    std::string type;
    std::string bytes;
    std::string tag;
  };
  std::map<std::string, Page> pages_;
};

// The policy under which the pages run: their own scripts and styles, nothing
// inline, nothing of other hosts, in no frame.
extern const char kContentSecurityPolicy[];

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_SITE_H_
