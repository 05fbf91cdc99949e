#ifndef LENSCAP_SERVICES_CUE_MODELS_H_
#define LENSCAP_SERVICES_CUE_MODELS_H_

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/snapshot.h"
#include "models/cue_scorer.h"

namespace lenscap {

// Scores by the newest version of a model while versions come and go below its
// directory. A scan keeps the model that it began with. Thread-safe.
class CueModels final : public CueScorer {
 public:
  // Of a directory, as models/cue_model.h offers them. `newest` is NOT_FOUND
  // where there is none.
  struct Versions {
    std::function<absl::StatusOr<int>()> newest;
    std::function<absl::StatusOr<std::unique_ptr<CueScorer>>(int)> open;
  };

  // Fails where the newest version cannot be opened.
  static absl::StatusOr<std::unique_ptr<CueModels>> Open(Versions versions);

  // Takes up the newest version, where that is another one now. Where it cannot
  // be opened the one in use stays, and the error says why. One call at a time.
  absl::Status Refresh();

  absl::StatusOr<CueReport> Score(const CueFootage& footage) const override;

 private:
  explicit CueModels(Versions versions) : versions_(std::move(versions)) {}

  const Versions versions_;
  int version_ = 0;
  Snapshot<CueScorer> current_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CUE_MODELS_H_
