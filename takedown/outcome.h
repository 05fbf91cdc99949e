#ifndef LENSCAP_TAKEDOWN_OUTCOME_H_
#define LENSCAP_TAKEDOWN_OUTCOME_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What platforms are told of an event of a case. Pure: from the same event,
// case and uploads come the same outcomes, with the same ids.

inline constexpr int kMaxOutcomeUploads = 500;  // Named by one outcome.

// Whether the event, once it counts, may come to outcomes.
bool IsTold(v1::CaseEvent::Kind kind);

// The number of the decision that a DECIDED event tells of, from 1; 0 where it
// was undone.
int VersionOf(const v1::CaseEvent& event, const v1::Case& subject);

// The same of the decision that an upload inherited as it JOINED; 0 where it
// inherited none, or that was undone.
int InheritedVersionOf(const v1::CaseEvent& event, const v1::Case& subject,
                       const v1::CaseUpload& upload);

// How many decisions the case had at the time of the event.
int VersionAt(const v1::CaseEvent& event, const v1::Case& subject);

// From when the event counts: a decision once it can no longer be undone.
absl::Time EffectiveAt(const v1::CaseEvent& event);

// What `decision` means for the upload that it is on: RESTORED where it was
// removed before, or blocked by the scan, and is kept now; REVERSED where it
// was kept before and is removed now; else DECIDED.
v1::Outcome::Type OutcomeTypeOf(const v1::Decision& decision,
                                const v1::CaseUpload& upload);

// Gathers the uploads that one event is about, and parts them by what it means
// for each: in order of type and outcome, then as they were added.
class OutcomeParts {
 public:
  // `version` as VersionOf has it. Both must outlive this.
  OutcomeParts(const v1::CaseEvent* event, const v1::Case* subject, int version)
      : event_(event), subject_(subject), version_(version) {}

  void Add(const v1::CaseUpload& upload);
  // None where a decision is on no upload.
  std::vector<v1::Outcome> Take();

 private:
  // What it means for uploads, and what is decided on them.
  using Meaning = std::pair<v1::Outcome::Type, v1::Decision::Outcome>;

  v1::Outcome NewPart(const Meaning& meaning) const;

  const v1::CaseEvent* const event_;
  const v1::Case* const subject_;
  const int version_;
  std::map<Meaning, std::vector<v1::UploadName>> names_;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_OUTCOME_H_
