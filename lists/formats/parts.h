#ifndef LENSCAP_LISTS_FORMATS_PARTS_H_
#define LENSCAP_LISTS_FORMATS_PARTS_H_

#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/clip.h"
#include "index/list_update.h"
#include "lists/formats/format.h"
#include "lists/formats/loss_report.h"

namespace lenscap {

// What the readers and writers of the formats have in common.

// An empty clip of the list, as grave as the options say.
Clip NewClip(const ReadOptions& options);
EntryChange Withdrawal(const ReadOptions& options, absl::string_view entry_id,
                       absl::string_view reason);

// `name` where it can be an entry's id; otherwise that of the clip's signals,
// and `losses` knows of it.
std::string IdOrName(absl::string_view name, const Clip& clip,
                     LossReport* losses);

// One signal as an entry of its own.
struct SignalRow {
  EntryChange change;
  bool named = false;  // The id is not just that of the signal.
};

// Puts rows of one signal each together to entries: named rows that follow each
// other with the same id are one.
class RowSource : public EntryChangeSource {
 public:
  absl::StatusOr<std::optional<EntryChange>> Next() final;

 protected:
  // The next row; nothing after the last.
  virtual absl::StatusOr<std::optional<SignalRow>> NextRow() = 0;
  // Where NextRow is, for messages: "line 7".
  virtual std::string Where() const = 0;

 private:
  std::optional<SignalRow> ahead_;
  bool at_end_ = false;
};

// Reports what the format does not carry, and leaves the rest to the format.
class FormatWriter : public EntryChangeSink {
 public:
  FormatWriter(ListFormat format, std::ostream& output, LossReport* losses)
      : output_(output), format_(format), losses_(losses) {}
  absl::Status Write(const EntryChange& change) final;
  absl::Status Finish() override;

 protected:
  // `told` has only what the format carries, and at least one signal.
  virtual absl::Status WriteClip(const Clip& told) = 0;
  // Of formats that carry withdrawals.
  virtual absl::Status WriteWithdrawal(const EntryChange& change);
  // DATA_LOSS where the output took no more.
  absl::Status OutputStatus() const;

  LossReport* losses() { return losses_; }
  ListFormat format() const { return format_; }

  std::ostream& output_;

 private:
  const ListFormat format_;
  LossReport* const losses_;
};

// Makers of readers and writers, one file for each format.
using Source = std::unique_ptr<EntryChangeSource>;
using Sink = std::unique_ptr<EntryChangeSink>;

Source ReadLenscapLines(std::istream& input, const ReadOptions& options);
Source ReadPdqText(std::istream& input, const ReadOptions& options,
                   LossReport* losses);
Source ReadVpdqText(std::istream& input, const ReadOptions& options);
Source ReadThreatExchangeJson(std::istream& input, const ReadOptions& options,
                              LossReport* losses);
Source ReadThreatExchangeCsv(std::istream& input, const ReadOptions& options,
                             LossReport* losses);
Source ReadNcmecXml(std::istream& input, const ReadOptions& options,
                    LossReport* losses);
Source ReadStopNciiJson(std::istream& input, const ReadOptions& options,
                        LossReport* losses);
Source ReadDigestText(ListFormat format, std::istream& input,
                      const ReadOptions& options, LossReport* losses);
Source ReadDigestCsv(std::istream& input, const ReadOptions& options,
                     LossReport* losses);

Sink WriteLenscapLines(std::ostream& output, LossReport* losses);
Sink WritePdqText(std::ostream& output, LossReport* losses);
Sink WriteVpdqText(std::ostream& output, LossReport* losses);
Sink WriteThreatExchangeJson(std::ostream& output, const WriteOptions& options,
                             LossReport* losses);
Sink WriteThreatExchangeCsv(std::ostream& output, const WriteOptions& options,
                            LossReport* losses);
Sink WriteNcmecXml(std::ostream& output, const WriteOptions& options,
                   LossReport* losses);
Sink WriteStopNciiJson(std::ostream& output, const WriteOptions& options,
                       LossReport* losses);
Sink WriteDigestText(ListFormat format, std::ostream& output,
                     LossReport* losses);
Sink WriteDigestCsv(std::ostream& output, LossReport* losses);
Sink WriteStixJson(std::ostream& output, const WriteOptions& options,
                   LossReport* losses);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_PARTS_H_
