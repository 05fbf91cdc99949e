#include "services/cue_models.h"

#include "base/status_macros.h"

namespace lenscap {

absl::StatusOr<std::unique_ptr<CueModels>> CueModels::Open(Versions versions) {
  std::unique_ptr<CueModels> models(new CueModels(std::move(versions)));
  RETURN_IF_ERROR(models->Refresh());
  return models;
}

absl::Status CueModels::Refresh() {
  ASSIGN_OR_RETURN(const int newest, versions_.newest());
  if (newest == version_) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::unique_ptr<CueScorer> model, versions_.open(newest));
  current_.Set(std::move(model));
  version_ = newest;
  return absl::OkStatus();
}

absl::StatusOr<CueReport> CueModels::Score(const CueFootage& footage) const {
  return current_.Get()->Score(footage);
}

}  // namespace lenscap
