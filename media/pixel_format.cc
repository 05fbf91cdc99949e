#include "media/pixel_format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "media/plane_buffer.h"

namespace lenscap {
namespace {

constexpr int kColourRows = 32;

bool Has(const AVPixFmtDescriptor& format, uint64_t flags) {
  return (format.flags & flags) != 0;
}

bool IsRgb(const AVPixFmtDescriptor& format) {
  return Has(format, AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
}

// Integer samples in memory, which the functions below can read.
bool IsReadable(const AVPixFmtDescriptor& format) {
  return !Has(format, AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT |
                          AV_PIX_FMT_FLAG_BAYER) &&
         format.comp[0].depth <= 16;
}

bool HasPlainLumaPlane(const AVFrame& frame, const AVPixFmtDescriptor& format) {
  const AVComponentDescriptor& luma = format.comp[0];
  return !IsRgb(format) && !Has(format, AV_PIX_FMT_FLAG_BITSTREAM) &&
         luma.depth == 8 && luma.step == 1 && luma.plane == 0 &&
         luma.offset == 0 && frame.linesize[0] >= frame.width;
}

LumaRange RangeOf(const AVFrame& frame, const AVPixFmtDescriptor& format) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
      return LumaRange::kFull;
    default:
      return IsRgb(format) || frame.color_range == AVCOL_RANGE_JPEG
                 ? LumaRange::kFull
                 : LumaRange::kLimited;
  }
}

// Reads `samples.size()` samples of a component from row `y`, as stored.
void ReadRow(const AVFrame& frame, const AVPixFmtDescriptor& format,
             int component, int y, absl::Span<uint16_t> samples) {
  const AVComponentDescriptor& part = format.comp[component];
  const uint8_t* from = frame.data[part.plane] +
                        static_cast<ptrdiff_t>(y) * frame.linesize[part.plane] +
                        part.offset;
  if (Has(format, AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_BE) ||
      part.depth < 8) {
    const uint8_t* data[4];
    std::copy_n(frame.data, 4, data);
    av_read_image_line2(samples.data(), data, frame.linesize, &format, /*x=*/0,
                        y, component, static_cast<int>(samples.size()),
                        /*read_pal_component=*/0, sizeof(uint16_t));
    return;
  }
  if (part.depth == 8) {
    for (uint16_t& sample : samples) {
      sample = *from;
      from += part.step;
    }
    return;
  }
  for (uint16_t& sample : samples) {
    uint16_t word;
    std::memcpy(&word, from, sizeof(word));
    sample = static_cast<uint16_t>(word >> part.shift);
    from += part.step;
  }
}

// A sample of a YUV or grey picture in 8 bits: there, the range is a matter of
// the leading bits.
int LeadingBits(int sample, int depth) {
  if (depth < 8) return sample * 255 / ((1 << depth) - 1);
  const int shift = depth - 8;
  return std::min(255, (sample + (1 << shift >> 1)) >> shift);
}

// Rows of an RGB picture, or one with a palette, in 8 bits.
class RgbRows {
 public:
  RgbRows(const AVFrame& frame, const AVPixFmtDescriptor& format)
      : frame_(frame), format_(format) {
    for (std::vector<uint16_t>& samples : rgb_) samples.resize(frame.width);
  }

  // Reads row `y`; red(), green() and blue() are its samples.
  void Read(int y) {
    if (Has(format_, AV_PIX_FMT_FLAG_PAL)) {
      ReadPalette(y);
      return;
    }
    for (int c = 0; c < 3; ++c) {
      ReadRow(frame_, format_, c, y, absl::MakeSpan(rgb_[c]));
      const int top = (1 << format_.comp[c].depth) - 1;
      if (top == 255) continue;
      for (uint16_t& sample : rgb_[c]) {
        sample = (sample * 255 + top / 2) / top;
      }
    }
  }
  int red(int x) const { return rgb_[0][x]; }
  int green(int x) const { return rgb_[1][x]; }
  int blue(int x) const { return rgb_[2][x]; }
  int luma(int x) const {
    return (299 * red(x) + 587 * green(x) + 114 * blue(x) + 500) / 1000;
  }

 private:
  // Indices in plane 0, 256 words of 0xAARRGGBB in plane 1.
  void ReadPalette(int y) {
    const uint8_t* const indices =
        frame_.data[0] + static_cast<ptrdiff_t>(y) * frame_.linesize[0];
    const uint8_t* const palette = frame_.data[1];
    for (int x = 0; x < frame_.width; ++x) {
      uint32_t color;
      std::memcpy(&color, palette + 4 * size_t{indices[x]}, sizeof(color));
      rgb_[0][x] = color >> 16 & 255;
      rgb_[1][x] = color >> 8 & 255;
      rgb_[2][x] = color & 255;
    }
  }

  const AVFrame& frame_;
  const AVPixFmtDescriptor& format_;
  std::array<std::vector<uint16_t>, 3> rgb_;
};

PlaneBuffer LumaFromRgb(const AVFrame& frame,
                        const AVPixFmtDescriptor& format) {
  PlaneBuffer luma(frame.width, frame.height);
  RgbRows rows(frame, format);
  for (int y = 0; y < frame.height; ++y) {
    rows.Read(y);
    uint8_t* const to = luma.row(y);
    for (int x = 0; x < frame.width; ++x) to[x] = rows.luma(x);
  }
  return luma;
}

PlaneBuffer LumaFromYuv(const AVFrame& frame,
                        const AVPixFmtDescriptor& format) {
  PlaneBuffer luma(frame.width, frame.height);
  std::vector<uint16_t> samples(frame.width);
  const int depth = format.comp[0].depth;
  for (int y = 0; y < frame.height; ++y) {
    ReadRow(frame, format, 0, y, absl::MakeSpan(samples));
    uint8_t* const to = luma.row(y);
    for (int x = 0; x < frame.width; ++x) {
      to[x] = LeadingBits(samples[x], depth);
    }
  }
  return luma;
}

// Calls `measure` with up to kColourRows rows, evenly spread.
template <typename Measure>
void ForSomeRows(int height, Measure measure) {
  const int64_t rows = std::min(height, kColourRows);
  for (int64_t i = 0; i < rows; ++i) {
    measure(static_cast<int>((2 * i + 1) * height / (2 * rows)));
  }
}

// How often each value of the two kinds of chroma samples was seen.
class ChromaCounts {
 public:
  void Add(int kind, int sample) {
    ++counts_[kind][std::clamp(sample, 0, kValues - 1)];
    ++seen_[kind];
  }

  Colour colour() const {
    Colour colour;
    for (int kind = 0; kind < 2; ++kind) {
      if (seen_[kind] == 0) return {};
      colour.saturation += static_cast<float>(MeanDistance(kind, kGrey) / 2);
      colour.variety += static_cast<float>(UpperDistance(kind) / 2.0);
    }
    return colour;
  }

 private:
  static constexpr int kValues = 256;
  static constexpr int kGrey = 128;

  double MeanDistance(int kind, int from) const {
    double sum = 0;
    for (int i = 0; i < kValues; ++i) {
      sum += static_cast<double>(counts_[kind][i]) * std::abs(i - from);
    }
    return sum / static_cast<double>(seen_[kind]);
  }

  int Median(int kind) const {
    int64_t below = 0;
    for (int i = 0;; ++i) {
      below += counts_[kind][i];
      if (2 * below >= seen_[kind]) return i;
    }
  }

  // The distance from the median that three quarters do not exceed.
  int UpperDistance(int kind) const {
    const int median = Median(kind);
    int64_t within = counts_[kind][median];
    for (int distance = 0;;) {
      if (4 * within >= 3 * seen_[kind]) return distance;
      ++distance;
      if (median >= distance) within += counts_[kind][median - distance];
      if (median + distance < kValues) {
        within += counts_[kind][median + distance];
      }
    }
  }

  std::array<std::array<int64_t, kValues>, 2> counts_{};
  std::array<int64_t, 2> seen_{};
};

Colour ColourOfRgb(const AVFrame& frame, const AVPixFmtDescriptor& format) {
  RgbRows rows(frame, format);
  ChromaCounts counts;
  ForSomeRows(frame.height, [&](int y) {
    rows.Read(y);
    for (int x = 0; x < frame.width; ++x) {
      // Cb and Cr of BT.601, as JPEG has them.
      const auto sample = [&](int colour, double scale) {
        return static_cast<int>(
            std::lround(128 + (colour - rows.luma(x)) / scale));
      };
      counts.Add(0, sample(rows.blue(x), 1.772));
      counts.Add(1, sample(rows.red(x), 1.402));
    }
  });
  return counts.colour();
}

Colour ColourOfYuv(const AVFrame& frame, const AVPixFmtDescriptor& format) {
  const int width = AV_CEIL_RSHIFT(frame.width, format.log2_chroma_w);
  const int height = AV_CEIL_RSHIFT(frame.height, format.log2_chroma_h);
  std::vector<uint16_t> samples(width);
  ChromaCounts counts;
  ForSomeRows(height, [&](int y) {
    for (int component : {1, 2}) {
      ReadRow(frame, format, component, y, absl::MakeSpan(samples));
      const int depth = format.comp[component].depth;
      for (uint16_t sample : samples) {
        counts.Add(component - 1, LeadingBits(sample, depth));
      }
    }
  });
  return counts.colour();
}

}  // namespace

absl::StatusOr<Luma> LumaOf(FrameHandle frame) {
  const AVPixFmtDescriptor* const format =
      av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame->format));
  if (format == nullptr || !IsReadable(*format)) {
    return absl::InvalidArgumentError(
        absl::StrCat("pixel format ", frame->format, " cannot be read"));
  }
  const LumaRange range = RangeOf(*frame, *format);
  if (HasPlainLumaPlane(*frame, *format)) {
    const Plane plane = {frame->data[0], frame->width, frame->height,
                         frame->linesize[0]};
    return Luma{plane, range, std::shared_ptr<AVFrame>(std::move(frame))};
  }
  const PlaneBuffer luma = IsRgb(*format) ? LumaFromRgb(*frame, *format)
                                          : LumaFromYuv(*frame, *format);
  return Luma{luma.plane(), range, luma.pixels()};
}

Colour ColourOf(const AVFrame& frame) {
  const AVPixFmtDescriptor* const format =
      av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (format == nullptr || !IsReadable(*format)) return {};
  if (IsRgb(*format)) return ColourOfRgb(frame, *format);
  return format->nb_components >= 3 ? ColourOfYuv(frame, *format) : Colour();
}

}  // namespace lenscap
