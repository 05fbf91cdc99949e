#ifndef LENSCAP_TAKEDOWN_DECIDED_H_
#define LENSCAP_TAKEDOWN_DECIDED_H_

#include <vector>

#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// Which decisions of a case are on which of its uploads. A decision on all is
// kept once, with the case, however many uploads there are: it is on those that
// were there and not decided on at that time, since they joined or since all
// were put up again (Case.rounds). Pure functions.
struct DecisionsOn {
  // Places in Case.decisions, in order, beside what the upload inherited.
  std::vector<int> places;
  bool undecided = true;
};
// Of the upload as it is recorded: with the inherited decision alone.
DecisionsOn FindDecisions(const v1::Case& opened,
                          const v1::CaseUpload& recorded);

// The upload with the decisions on it.
v1::CaseUpload WithDecisions(const v1::Case& opened, v1::CaseUpload recorded);

// The upload as it is recorded, of one that WithDecisions made.
v1::CaseUpload AsRecorded(v1::CaseUpload upload);

// Whether the upload, as it is recorded, is decided on.
bool IsDecided(const v1::Case& opened, const v1::CaseUpload& recorded);

// Whether the upload, with the decisions on it, is decided to be left.
bool IsKept(const v1::Case& opened, const v1::CaseUpload& upload);

// The upload alone, as a case: for what counts or states uploads. Its id is
// that of the case that the upload opens or would have opened.
v1::Case AsCase(const v1::Case& opened, const v1::CaseUpload& upload);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_DECIDED_H_
