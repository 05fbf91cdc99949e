#ifndef LENSCAP_TAKEDOWN_OUTCOME_H_
#define LENSCAP_TAKEDOWN_OUTCOME_H_

#include <array>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What platforms are told of an event of a case. Pure: from the same event,
// case and uploads come the same outcomes, with the same ids.

inline constexpr int kMaxOutcomeUploads = 500;  // Named by one outcome.

// The number of the decision that the event tells of, from 1; 0 where it is of
// none, or was undone.
int VersionOf(const v1::CaseEvent& event, const v1::Case& subject);

// From when the event counts: a decision once it can no longer be undone.
absl::Time EffectiveAt(const v1::CaseEvent& event);

// What `decision` means for the upload that it is on: RESTORED where it was
// removed before, or blocked by the scan, and is kept now; REVERSED where it
// was kept before and is removed now; else DECIDED.
v1::Outcome::Type OutcomeTypeOf(const v1::Decision& decision,
                                const v1::CaseUpload& upload);

// Gathers the uploads that one event is about, and parts them by what it means
// for each: in order of type, then as they were added.
class OutcomeParts {
 public:
  // `version` as VersionOf has it. Both must outlive this.
  OutcomeParts(const v1::CaseEvent* event, const v1::Case* subject, int version)
      : event_(event), subject_(subject), version_(version) {}

  void Add(const v1::CaseUpload& upload);
  // None where a decision is on no upload.
  std::vector<v1::Outcome> Take();

 private:
  v1::Outcome NewPart(v1::Outcome::Type type) const;

  const v1::CaseEvent* const event_;
  const v1::Case* const subject_;
  const int version_;
  std::array<std::vector<v1::UploadName>, v1::Outcome::Type_ARRAYSIZE> names_;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_OUTCOME_H_
