#ifndef LENSCAP_SERVICES_SCAN_LINES_H_
#define LENSCAP_SERVICES_SCAN_LINES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/tenants.h"

namespace lenscap {

// Which submitted scans wait, in a line for each tenant, in order of arrival.
// In memory; it follows the queue on disk, and is bounded as the tenants'
// places are. Every call but Tenants costs O(log n). Not thread-safe.
class ScanLines {
 public:
  struct Scan {
    std::string id;
    std::shared_ptr<Tenant> tenant;
    Tenant::Place place;  // Among what waits.
  };

  // At the end of its tenant's line. An id may be there once.
  void Add(Scan scan) {
    const std::string& key = scan.tenant->key();
    numbers_[scan.id] = {key, ++last_number_};
    lines_[key].emplace(last_number_, std::move(scan));
  }

  // Takes the first of the tenant with the key; none where none waits.
  std::optional<Scan> TakeFirst(const std::string& key) {
    const auto line = lines_.find(key);
    if (line == lines_.end()) return std::nullopt;
    return Take(line, line->second.begin());
  }
  // Takes this one; none if it does not wait.
  std::optional<Scan> Take(const std::string& id) {
    const auto found = numbers_.find(id);
    if (found == numbers_.end()) return std::nullopt;
    const auto line = lines_.find(found->second.first);
    return Take(line, line->second.find(found->second.second));
  }

  bool Waits(const std::string& key) const { return lines_.contains(key); }
  // Of whom something waits.
  std::vector<std::shared_ptr<Tenant>> Tenants() const {
    std::vector<std::shared_ptr<Tenant>> tenants;
    for (const auto& [key, line] : lines_) {
      tenants.push_back(line.begin()->second.tenant);
    }
    return tenants;
  }

 private:
  using Line = std::map<uint64_t, Scan>;  // By number; never empty.

  std::optional<Scan> Take(std::map<std::string, Line>::iterator line,
                           Line::iterator scan) {
    Scan taken = std::move(line->second.extract(scan).mapped());
    numbers_.erase(taken.id);
    if (line->second.empty()) lines_.erase(line);
    return taken;
  }

  uint64_t last_number_ = 0;
  std::map<std::string, Line> lines_;  // By the tenant's key.
  std::map<std::string, std::pair<std::string, uint64_t>> numbers_;  // By id.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_LINES_H_
