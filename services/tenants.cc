#include "services/tenants.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/limit_status.h"

namespace lenscap {

struct Tenant::Totals {
  explicit Totals(int max) : max_waiting(max) {}
  const int max_waiting;
  std::atomic<int> waiting = 0;
};

namespace {

constexpr size_t kMaxNameBytes = 64;
constexpr char kDefaultName[] = "default";
// No tenant's name: it is not printable.
constexpr char kOthersKey[] = "\n";
// How many are looked at for one that can be forgotten.
constexpr int kLooks = 8;
// After which a place may be free: nobody can know.
constexpr absl::Duration kPlaceRetry = absl::Seconds(1);

}  // namespace

Tenant::Tenant(std::string key, const TenantLimits& limits, const Clock* clock,
               std::shared_ptr<Totals> totals)
    : key_(std::move(key)),
      limits_(limits),
      clock_(clock),
      totals_(std::move(totals)),
      bytes_(static_cast<double>(limits.bytes_per_hour), clock->Now()),
      decode_(absl::ToDoubleSeconds(limits.decode_per_hour), clock->Now()) {}

std::string Tenant::Describe() const {
  return key_ == kOthersKey
             ? "whoever has no account of its own"
             : absl::StrCat("tenant \"", absl::CEscape(key_), "\"");
}

absl::StatusOr<Tenant::Place> Tenant::EnterUpload() {
  std::lock_guard lock(mutex_);
  if (limits_.uploads > 0 && uploads_ >= limits_.uploads) {
    return OverLimit(kTenantUploadsLimit,
                     absl::StrCat(Describe(), " has ", uploads_,
                                  " uploads open, as many as it may"),
                     kPlaceRetry);
  }
  ++uploads_;
  return Place(nullptr, [self = shared_from_this()](void*) {
    std::lock_guard lock(self->mutex_);
    --self->uploads_;
  });
}

absl::StatusOr<Tenant::Place> Tenant::EnterWaiting() {
  std::lock_guard lock(mutex_);
  if (limits_.waiting_scans > 0 && waiting_ >= limits_.waiting_scans) {
    return OverLimit(kTenantWaitingScansLimit,
                     absl::StrCat(Describe(), " has ", waiting_,
                                  " scans waiting, as many as it may"),
                     kPlaceRetry);
  }
  const int before = totals_->waiting.fetch_add(1);
  if (totals_->max_waiting > 0 && before >= totals_->max_waiting) {
    --totals_->waiting;
    return OverLimit(kWaitingScansLimit,
                     absl::StrCat("the server has ", before,
                                  " scans waiting, as many as it may"),
                     kPlaceRetry);
  }
  return WaitingPlaceLocked();
}

Tenant::Place Tenant::StayWaiting() {
  std::lock_guard lock(mutex_);
  ++totals_->waiting;
  return WaitingPlaceLocked();
}

// Of one that the totals have.
Tenant::Place Tenant::WaitingPlaceLocked() {
  ++waiting_;
  return Place(nullptr, [self = shared_from_this()](void*) {
    std::lock_guard lock(self->mutex_);
    --self->waiting_;
    --self->totals_->waiting;
  });
}

absl::Status Tenant::TakeBytes(int64_t bytes) {
  std::lock_guard lock(mutex_);
  const absl::Time now = clock_->Now();
  const auto amount = static_cast<double>(bytes);
  if (bytes_.Take(amount, now)) return absl::OkStatus();
  return OverLimit(
      kTenantBytesLimit,
      absl::StrCat(Describe(), " may upload ", limits_.bytes_per_hour,
                   " bytes an hour, and has not ", bytes, " left"),
      bytes_.Until(amount, now));
}

void Tenant::GiveBackBytes(int64_t bytes) {
  std::lock_guard lock(mutex_);
  bytes_.Charge(-static_cast<double>(bytes), clock_->Now());
}

absl::Status Tenant::CheckDecode() const {
  std::lock_guard lock(mutex_);
  const absl::Time now = clock_->Now();
  // Some must be there; a millisecond is next to nothing.
  const double amount =
      std::min(0.001, absl::ToDoubleSeconds(limits_.decode_per_hour));
  const absl::Duration wait = decode_.Until(amount, now);
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  return OverLimit(kTenantDecodeLimit,
                   absl::StrCat(Describe(), " has used up the ",
                                absl::FormatDuration(limits_.decode_per_hour),
                                " an hour that its videos may take to decode"),
                   wait);
}

void Tenant::ChargeDecode(absl::Duration time) {
  std::lock_guard lock(mutex_);
  decode_.Charge(absl::ToDoubleSeconds(time), clock_->Now());
}

bool Tenant::Idle() {
  std::lock_guard lock(mutex_);
  const absl::Time now = clock_->Now();
  return uploads_ == 0 && waiting_ == 0 && bytes_.full(now) &&
         decode_.full(now);
}

Tenants::Tenants(Options options)
    : options_(std::move(options)),
      totals_(std::make_shared<Tenant::Totals>(options_.max_waiting_scans)),
      others_(Make(kOthersKey)) {}

std::shared_ptr<Tenant> Tenants::Make(std::string key) const {
  return std::shared_ptr<Tenant>(
      new Tenant(std::move(key), options_.limits, options_.clock, totals_));
}

std::shared_ptr<Tenant> Tenants::Get(absl::string_view name) {
  std::string key(name.empty() ? kDefaultName : name);
  std::lock_guard lock(mutex_);
  if (const auto found = by_name_.find(key); found != by_name_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return *found->second;
  }
  if (by_use_.size() >= options_.max_tenants && !MakeRoom()) return others_;
  by_use_.push_front(Make(key));
  by_name_.emplace(std::move(key), by_use_.begin());
  return by_use_.front();
}

// Forgets one of those that were used least lately. One that is in use goes to
// the front, so that the next look is at others.
bool Tenants::MakeRoom() {
  for (int i = 0; i < kLooks && !by_use_.empty(); ++i) {
    const auto last = std::prev(by_use_.end());
    if (last->use_count() == 1 && (*last)->Idle()) {
      by_name_.erase((*last)->key());
      by_use_.erase(last);
      return true;
    }
    by_use_.splice(by_use_.begin(), by_use_, last);
  }
  return false;
}

size_t Tenants::size() const {
  std::lock_guard lock(mutex_);
  return by_use_.size();
}

absl::Status ValidateTenant(absl::string_view field, absl::string_view name) {
  const bool printable =
      std::all_of(name.begin(), name.end(),
                  [](unsigned char c) { return absl::ascii_isprint(c); });
  if (printable && name.size() <= kMaxNameBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": expected at most ", kMaxNameBytes,
                   " bytes of printable ASCII, got \"",
                   absl::CHexEscape(name.substr(0, kMaxNameBytes)),
                   name.size() > kMaxNameBytes ? "...\"" : "\""));
}

}  // namespace lenscap
