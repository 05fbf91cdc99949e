#ifndef LENSCAP_TAKEDOWN_GROUPING_H_
#define LENSCAP_TAKEDOWN_GROUPING_H_

#include <string>

#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// Which case an upload belongs to, and what it takes over from it. Pure
// functions of the upload as it is submitted (TakedownQueue::Submit).

// What the uploads of a case share.
struct CaseGroup {
  v1::Case::GroupedBy by = v1::Case::GROUPED_BY_UNSPECIFIED;
  std::string shared;
};

// By the list entry of its best match that can bear a removal (IsBasis); where
// there is none by the camera that the platform names, the group that it was
// posted in, the account, the file, or else by itself alone. A listing is
// grouped by its account before anything else but the list entry.
CaseGroup GroupOf(const v1::Case& upload);

// A victim's report and a listing stay what the submitter calls them; what
// rests on a known clip is that, and the rest is a suspicion.
v1::CaseQueue QueueOf(const v1::Case& upload);

// Whether the upload is surely the footage of the entry that groups `opened`:
// the very file, or by its match with the entry to be blocked; a listing by the
// very file alone. A decision on such an upload stands for others; one on an
// upload that is less like the entry says nothing of them.
bool IsSure(const v1::Case& upload, const v1::Case& opened);

// Whether the decision, which stands for the footage of `opened`, is made for
// this upload too, so that nobody has to see it: a removal for whatever is
// surely the footage, and that it was kept for the very file alone, and for no
// listing.
bool Inherits(const v1::Case& upload, const v1::Case& opened,
              const v1::Decision& decision);

// How much more urgent than each of its uploads a case is that has spread: 10
// for each doubling of uploads and of accounts, together at most 150.
int ReachRaises(const v1::Reach& reach);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_GROUPING_H_
