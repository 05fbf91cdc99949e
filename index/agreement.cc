#include "index/agreement.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <vector>

namespace lenscap {
namespace {

// Another moment: so far away that something else can be seen, and so near
// that slow light is the same.
constexpr int64_t kNearest = 1'500'000;
constexpr int64_t kFarthest = 10'000'000;
// How many other moments a frame is compared with, on each side.
constexpr int64_t kMoments = 8;

// Bits of change that are taken for none, in all; and how many pairs of moments
// it takes to tell.
constexpr double kLittleChange = 120;
constexpr int kPairsNeeded = 5;

constexpr double kCorrelationNeeded = 0.36;
constexpr double kMoreForSpeed = 0.06;
constexpr double kMoreBackwards = 0.3;
constexpr double kMoreForTwiceTheLength = 0.02;
constexpr double kMostNeeded = 0.8;
constexpr double kShortLength = 60e6;

// Frames that have nothing in common differ in about 128 bits.
constexpr int kUnrelated = 128;
constexpr int kUnlike = 80;

constexpr int kMaxEvidence = 64;      // Of a frame, in bits.
constexpr double kHalfSure = 4 * 64;  // Evidence.
constexpr double kMaxSceneScore = 0.3;

// A query frame and the reference's frame that it shows.
struct Pair {
  size_t query = 0;
  size_t reference = 0;
  int distance = 0;
  int64_t reference_time = 0;
};

// What a frame is compared with at other moments: before it and after it.
struct Others {
  std::vector<int> before;
  std::vector<int> after;
};

class Judgement {
 public:
  Judgement(const Track& query, const Track& reference, const Place& place,
            int max_distance);

  Agreement Run() const;

 private:
  std::optional<Pair> PairAt(size_t frame) const;
  double Correlation() const;
  Others OthersOf(const Pair& pair) const;
  bool IsUnlikeTheRest() const;
  bool NearlyAllIsLike(size_t query_frame) const;
  bool QueryStays() const;
  double Evidence(bool same_footage) const;

  const Track& query_;
  const Track& reference_;
  const Place& place_;
  const int max_distance_;
  std::vector<Pair> pairs_;
  std::vector<Others> others_;  // By pair.
  bool alone_ = true;           // None has any.
};

// At the point of `values` where a quarter is lower.
int LowerQuartile(std::vector<int> values) {
  const auto at = values.begin() + values.size() / 4;
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Judgement::Judgement(const Track& query, const Track& reference,
                     const Place& place, int max_distance)
    : query_(query),
      reference_(reference),
      place_(place),
      max_distance_(max_distance) {
  for (size_t i = place.first; i <= place.last; ++i) {
    if (const std::optional<Pair> pair = PairAt(i)) pairs_.push_back(*pair);
  }
  for (const Pair& pair : pairs_) {
    others_.push_back(OthersOf(pair));
    alone_ &= others_.back().before.empty() && others_.back().after.empty();
  }
}

// With the closest frame near the path's time.
std::optional<Pair> Judgement::PairAt(size_t frame) const {
  const int64_t time = place_.path.At(query_.times[frame]);
  const size_t nearest = NearestFrame(reference_, time);
  std::optional<Pair> best;
  for (size_t r = nearest - std::min<size_t>(nearest, 1);
       r <= nearest + 1 && r < reference_.size(); ++r) {
    const int64_t away = reference_.AwayFrom(r, time);
    if (away > (r == nearest ? kMaxSkew : kMaxSkew / 2)) continue;
    const int distance = FrameDistance(query_, frame, reference_, r);
    if (!best || distance < best->distance) {
      best = {frame, r, distance, reference_.TimeNear(r, time)};
    }
  }
  return best;
}

// For two moments, frames of the query q and q' show those of the reference r
// and r'. By how much q and r' and q' and r are farther apart than q and r and
// q' and r', is by how much both changed alike: of two videos that do not
// change alike, 0 in the mean; of equal ones, as much as they change.
double Judgement::Correlation() const {
  double in_common = 0, of_query = 0, of_reference = 0;
  int compared = 0;
  size_t begin = 0, end = 0;
  for (size_t i = 0; i < pairs_.size(); ++i) {
    const Pair& now = pairs_[i];
    const auto since = [&](size_t p) {
      return query_.times[pairs_[p].query] - query_.times[now.query];
    };
    begin = std::max(begin, i + 1);
    while (begin < pairs_.size() && since(begin) < kNearest) ++begin;
    end = std::max(begin, end);
    while (end < pairs_.size() && since(end) <= kFarthest) ++end;
    const size_t moments = std::min<size_t>(kMoments, end - begin);
    for (size_t m = 0; m < moments; ++m, ++compared) {
      const Pair& later = pairs_[begin + m * (end - begin) / moments];
      in_common +=
          FrameDistance(query_, now.query, reference_, later.reference) +
          FrameDistance(query_, later.query, reference_, now.reference) -
          now.distance - later.distance;
      of_query += FrameDistance(query_, now.query, query_, later.query);
      of_reference +=
          FrameDistance(reference_, now.reference, reference_, later.reference);
    }
  }
  const double told = std::min(1.0, 1.0 * compared / kPairsNeeded);
  return told * in_common / 2 /
         (std::sqrt(of_query * of_reference) + kLittleChange);
}

Others Judgement::OthersOf(const Pair& pair) const {
  const int64_t now = pair.reference_time;
  Others others;
  for (int64_t m = 0; m < kMoments; ++m) {
    const int64_t by = kNearest + m * (kFarthest - kNearest) / (kMoments - 1);
    for (const int64_t at : {now - by, now + by}) {
      const size_t r = NearestFrame(reference_, at);
      const int64_t away = std::abs(reference_.TimeNear(r, at) - now);
      if (std::abs(away - by) > kMaxSkew || 10 * away < 9 * kNearest) continue;
      (at < now ? others.before : others.after)
          .push_back(FrameDistance(query_, pair.query, reference_, r));
    }
  }
  return others;
}

// Most frames are unlike nearly all of what comes before, and of what comes
// after. What looks different on one side only may be a light that went on.
bool Judgement::IsUnlikeTheRest() const {
  const size_t unlike =
      std::count_if(others_.begin(), others_.end(), [](const Others& others) {
        return !others.before.empty() && !others.after.empty() &&
               LowerQuartile(others.before) >= kUnlike &&
               LowerQuartile(others.after) >= kUnlike;
      });
  return 2 * unlike > pairs_.size();
}

bool Judgement::NearlyAllIsLike(size_t query_frame) const {
  int64_t like = 0;
  for (size_t r = 0; r < reference_.size(); ++r) {
    if (FrameDistance(query_, query_frame, reference_, r) <= max_distance_) {
      like += reference_.MomentsOf(r);
    }
  }
  return 5 * like >= 4 * reference_.moments();
}

// Whether the query looks like the reference at other moments, too.
bool Judgement::QueryStays() const {
  size_t like = 0, compared = 0;
  for (const Pair& pair : pairs_) {
    for (const int64_t by :
         {-kFarthest / 2, -kNearest, kNearest, kFarthest / 2}) {
      const int64_t at = query_.times[pair.query] + by;
      const size_t q = NearestFrame(query_, at);
      if (std::abs(query_.times[q] - at) > kMaxSkew) continue;
      ++compared;
      like +=
          FrameDistance(query_, q, reference_, pair.reference) <= max_distance_;
    }
  }
  return compared > 0 && 2 * like >= compared;
}

double Judgement::Evidence(bool same_footage) const {
  double bits = 0;
  for (size_t i = 0; i < pairs_.size(); ++i) {
    int usual = kUnrelated;
    std::vector<int> others = others_[i].before;
    others.insert(others.end(), others_[i].after.begin(),
                  others_[i].after.end());
    if (same_footage && !others.empty()) usual = LowerQuartile(others);
    bits += std::clamp(usual - pairs_[i].distance, 0, kMaxEvidence);
  }
  return bits;
}

Agreement Judgement::Run() const {
  Agreement agreement;
  if (pairs_.empty()) return agreement;
  const int64_t moments = reference_.moments();
  if (moments == 1) {
    agreement.same_footage = true;
  } else if (query_.size() == 1) {
    agreement.same_footage = moments == 2 || !NearlyAllIsLike(pairs_[0].query);
  } else if (place_.path.still) {
    agreement.same_footage = IsUnlikeTheRest();
  } else if (alone_) {
    agreement.same_footage = !QueryStays();
  } else {
    agreement.correlation = Correlation();
    agreement.same_footage =
        agreement.correlation >= CorrelationNeeded(reference_, place_.path) ||
        IsUnlikeTheRest();
  }
  agreement.evidence = Evidence(agreement.same_footage);
  return agreement;
}

}  // namespace

Agreement Judge(const Track& query, const Track& reference, const Place& place,
                int max_distance) {
  return Judgement(query, reference, place, max_distance).Run();
}

double CorrelationNeeded(const Track& reference, const Path& path) {
  const double length = reference.end_time() - reference.begin_time();
  double needed = kCorrelationNeeded;
  if (length > kShortLength) {
    needed += kMoreForTwiceTheLength * std::log2(length / kShortLength);
  }
  if (path.speed < 0) {
    needed += kMoreBackwards;
  } else if (path.speed != 1) {
    needed += kMoreForSpeed;
  }
  return std::min(needed, kMostNeeded);
}

double ScoreOf(const Agreement& agreement) {
  const double sure = agreement.evidence / (agreement.evidence + kHalfSure);
  return agreement.same_footage ? kMaxSceneScore + (1 - kMaxSceneScore) * sure
                                : kMaxSceneScore * sure;
}

}  // namespace lenscap
