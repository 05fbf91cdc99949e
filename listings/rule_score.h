#ifndef LENSCAP_LISTINGS_RULE_SCORE_H_
#define LENSCAP_LISTINGS_RULE_SCORE_H_

#include <map>
#include <string>

#include "listings/hit.h"

namespace lenscap {

// The most that a group adds where no pack says otherwise; an exclusion group
// takes off no more than its cap either.
inline constexpr double kDefaultCap = 100;

// From review.hits, puts them in order, gravest first, and fills in groups,
// scores and action. Pure.
void ScoreHits(const std::map<std::string, double>& caps, TextReview& review);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_SCORE_H_
