#include "services/still_image.h"

#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr int kQuality = 70;

using Handle = std::unique_ptr<void, int (*)(tjhandle)>;

// The first sample of cell i of `cells` along a side of `length` samples.
int CellStart(int i, int length, int cells) { return i * length / cells; }

// The means of columns x rows cells.
std::vector<double> CellsOf(const CueStill& still, int columns, int rows) {
  std::vector<double> means;
  for (int row = 0; row < rows; ++row) {
    const int top = CellStart(row, still.height, rows);
    const int bottom = CellStart(row + 1, still.height, rows);
    for (int column = 0; column < columns; ++column) {
      const int left = CellStart(column, still.width, columns);
      const int right = CellStart(column + 1, still.width, columns);
      double sum = 0;
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
          sum += still.luma[size_t{1} * y * still.width + x];
        }
      }
      means.push_back(sum / std::max(1, (bottom - top) * (right - left)));
    }
  }
  return means;
}

// Between which two cells a sample lies, and how near the second.
struct Between {
  int first = 0;
  int second = 0;
  double share = 0;
};
Between PlaceOf(int i, int length, int cells) {
  const double place = (i + 0.5) * cells / length - 0.5;
  const int below = static_cast<int>(std::floor(place));
  return {.first = std::clamp(below, 0, cells - 1),
          .second = std::clamp(below + 1, 0, cells - 1),
          .share = place - below};
}

}  // namespace

absl::StatusOr<std::string> EncodeStill(const CueStill& still) {
  const CueStill small = Shrink(still, kLongestStillSide);
  const Handle encoder(tjInitCompress(), tjDestroy);
  unsigned char* jpeg = nullptr;
  unsigned long size = 0;  // NOLINT: the library's type.
  const int failed = encoder == nullptr ||
                     tjCompress2(encoder.get(), small.luma.data(), small.width,
                                 0, small.height, TJPF_GRAY, &jpeg, &size,
                                 TJSAMP_GRAY, kQuality, 0) != 0;
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(jpeg,
                                                                       tjFree);
  if (failed) {
    return absl::InternalError(
        absl::StrCat("no JPEG: ", tjGetErrorStr2(encoder.get())));
  }
  return std::string(reinterpret_cast<const char*>(jpeg), size);
}

absl::StatusOr<CueStill> DecodeStill(absl::string_view jpeg) {
  const Handle decoder(tjInitDecompress(), tjDestroy);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  CueStill still;
  int sampling = 0, colours = 0;
  if (decoder == nullptr ||
      tjDecompressHeader3(decoder.get(), bytes, jpeg.size(), &still.width,
                          &still.height, &sampling, &colours) != 0 ||
      colours != TJCS_GRAY ||
      std::max(still.width, still.height) > kLongestStillSide) {
    return absl::DataLossError("a still is no JPEG of ours");
  }
  still.luma.resize(size_t{1} * still.width * still.height);
  if (tjDecompress2(decoder.get(), bytes, jpeg.size(), still.luma.data(),
                    still.width, 0, still.height, TJPF_GRAY,
                    TJFLAG_STOPONWARNING) != 0) {
    return absl::DataLossError("the JPEG of a still is damaged");
  }
  return still;
}

CueStill Blur(const CueStill& still) {
  const int longest = std::max(still.width, still.height);
  const auto cells = [&](int side) {
    return std::clamp(side * kBlurredCells / longest, 1, side);
  };
  const int columns = cells(still.width);
  const int rows = cells(still.height);
  const std::vector<double> means = CellsOf(still, columns, rows);
  CueStill blurred = still;
  for (int y = 0; y < still.height; ++y) {
    const Between v = PlaceOf(y, still.height, rows);
    for (int x = 0; x < still.width; ++x) {
      const Between h = PlaceOf(x, still.width, columns);
      const auto across = [&](int row) {
        return means[row * columns + h.first] * (1 - h.share) +
               means[row * columns + h.second] * h.share;
      };
      blurred.luma[size_t{1} * y * still.width + x] =
          static_cast<uint8_t>(std::lround(across(v.first) * (1 - v.share) +
                                           across(v.second) * v.share));
    }
  }
  return blurred;
}

}  // namespace lenscap
