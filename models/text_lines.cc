#include "models/text_lines.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <utility>

namespace lenscap {
namespace {

constexpr float kLikely = 0.4f;
constexpr size_t kMaxBlobs = 32;  // That are looked at for lines.
constexpr size_t kMaxLines = 4;
constexpr int kLeastCells = 2;
constexpr size_t kStrongest = 6;
constexpr size_t kMaxCharacters = 64;
// A line is longer than high, not too high, and may well be a clock.
constexpr double kLeastShape = 3;
constexpr double kGreatestShare = 0.16;
constexpr double kLeastClock = 0.25;
// What is around a line and cut out with it, by the line's height.
constexpr double kMarginAbove = 0.3;
constexpr double kMarginBeside = 0.5;

// Cells that hang together: [left, right) x [top, bottom).
struct Blob {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  int cells = 0;
  double clock = 0;  // Sum over its cells of how likely each shows a clock.

  int height() const { return bottom - top; }
  void Join(const Blob& other) {
    left = std::min(left, other.left);
    top = std::min(top, other.top);
    right = std::max(right, other.right);
    bottom = std::max(bottom, other.bottom);
    cells += other.cells;
    clock += other.clock;
  }
};

// Finds the blobs of likely `cells` of a map.
class BlobFinder {
 public:
  BlobFinder(const TextMap& map, const std::vector<float>& cells)
      : map_(map), cells_(cells), seen_(cells.size()) {}

  std::vector<Blob> Find() {
    std::vector<Blob> blobs;
    for (int i = 0; i < map_.width * map_.height; ++i) {
      if (!Take(i)) continue;
      const Blob blob = Grow(i);
      if (blob.cells >= kLeastCells) blobs.push_back(blob);
    }
    return blobs;
  }

 private:
  // Whether the cell is likely and was not taken before.
  bool Take(int cell) {
    if (seen_[cell] || !(cells_[cell] > kLikely)) return false;
    seen_[cell] = true;
    return true;
  }

  // All that hangs together with a cell that was taken.
  Blob Grow(int cell) {
    Blob blob = {.left = map_.width, .top = map_.height};
    std::vector<int> open = {cell};
    while (!open.empty()) {
      const int x = open.back() % map_.width;
      const int y = open.back() / map_.width;
      blob.Join({x, y, x + 1, y + 1, 1, map_.clock[open.back()]});
      open.pop_back();
      for (int i = 0; i < 9; ++i) {
        const int beside = x + i % 3 - 1;
        const int below = y + i / 3 - 1;
        if (beside < 0 || beside >= map_.width || below < 0 ||
            below >= map_.height) {
          continue;
        }
        const int next = below * map_.width + beside;
        if (Take(next)) open.push_back(next);
      }
    }
    return blob;
  }

  const TextMap& map_;
  const std::vector<float>& cells_;
  std::vector<bool> seen_;
};

// Whether a shows nothing that b does not: most of its box is b's.
bool IsWithin(const Blob& a, const Blob& b) {
  const int across = std::min(a.right, b.right) - std::max(a.left, b.left);
  const int down = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return across > 0 && down > 0 &&
         2 * across * down >= (a.right - a.left) * a.height();
}

// Words of one line: side by side, and not too far apart.
bool AreOneLine(const Blob& a, const Blob& b) {
  const int shared = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  const int gap = std::max(a.left, b.left) - std::min(a.right, b.right);
  return 2 * shared >= std::max(a.height(), b.height()) &&
         gap <= 2 * std::min(a.height(), b.height());
}

std::vector<Blob> JoinWords(std::vector<Blob> blobs) {
  for (size_t i = 0; i < blobs.size();) {
    const auto other = std::find_if(
        blobs.begin() + i + 1, blobs.end(),
        [&](const Blob& blob) { return AreOneLine(blobs[i], blob); });
    if (other == blobs.end()) {
      ++i;
      continue;
    }
    blobs[i].Join(*other);
    blobs.erase(other);
    i = 0;  // What was too far away may be near enough now.
  }
  return blobs;
}

// Adds a blob of text to those of clocks. Of a line that is known as a clock in
// parts the whole takes their place; a clock that hangs together with a logo,
// which is higher, stands alone beside the two; what is a clock already is
// left.
void AddText(const Blob& text, std::vector<Blob>* blobs) {
  const auto is_part = [&](const Blob& clock) {
    return IsWithin(clock, text) && text.height() <= 2 * clock.height();
  };
  if (std::any_of(blobs->begin(), blobs->end(), is_part)) {
    blobs->erase(std::remove_if(blobs->begin(), blobs->end(), is_part),
                 blobs->end());
  } else if (std::any_of(blobs->begin(), blobs->end(), [&](const Blob& clock) {
               return IsWithin(text, clock);
             })) {
    return;
  }
  blobs->push_back(text);
}

// A range of a still's rows, [top, bottom).
struct Rows {
  int top;
  int bottom;
};

// How much the luma changes from column to column, row by row: strokes of text
// make much of it. Runs along [left, right) of the rows, mean over the stills.
std::vector<double> StrokesOf(absl::Span<const CueStill* const> stills,
                              const TextLine& box) {
  constexpr int kMostStep = 60;
  std::vector<double> strokes(box.bottom - box.top);
  for (const CueStill* still : stills) {
    for (size_t i = 0; i < strokes.size(); ++i) {
      const uint8_t* const row =
          still->luma.data() + (box.top + i) * size_t{1} * still->width;
      int sum = 0;
      for (int x = box.left; x + 1 < box.right; ++x) {
        sum += std::min(std::abs(row[x + 1] - row[x]), kMostStep);
      }
      strokes[i] += sum;
    }
  }
  return strokes;
}

// Means of `size` (odd) neighbours; those at the ends count for what is beyond.
std::vector<double> Smooth(const std::vector<double>& values, int size) {
  const int n = static_cast<int>(values.size());
  std::vector<double> smooth(n);
  for (int i = 0; i < n; ++i) {
    for (int k = i - size / 2; k <= i + size / 2; ++k) {
      smooth[i] += values[std::clamp(k, 0, n - 1)] / size;
    }
  }
  return smooth;
}

// The rows within the box that hold a line of text each.
std::vector<Rows> RowsOfText(absl::Span<const CueStill* const> stills,
                             const TextLine& box) {
  std::vector<double> strokes = StrokesOf(stills, box);
  const int n = static_cast<int>(strokes.size());
  strokes = Smooth(strokes, 2 * std::max(1, n / 16) - 1);
  const auto [least, most] =
      std::minmax_element(strokes.begin(), strokes.end());
  const double busy = *least + 0.35 * (*most - *least);
  std::vector<Rows> runs;
  int tallest = 0;
  for (int i = 0; i < n; ++i) {
    if (strokes[i] < busy || strokes[i] <= 0) continue;
    if (runs.empty() || runs.back().bottom != box.top + i) {
      runs.push_back({box.top + i, box.top + i});
    }
    runs.back().bottom = box.top + i + 1;
    tallest = std::max(tallest, runs.back().bottom - runs.back().top);
  }
  runs.erase(std::remove_if(runs.begin(), runs.end(),
                            [&](const Rows& rows) {
                              const int tall = rows.bottom - rows.top;
                              return tall < 2 || 2 * tall < tallest;
                            }),
             runs.end());
  return runs;
}

// The lines that a blob stands for.
void AddLines(const TextMap& map, absl::Span<const CueStill* const> stills,
              const Blob& blob, std::vector<TextLine>* lines) {
  const CueStill& still = *stills[0];
  const double across = static_cast<double>(still.width) / map.width;
  const double down = static_cast<double>(still.height) / map.height;
  const auto sample = [](double at, int end) {
    return std::clamp(static_cast<int>(at), 0, end);
  };
  TextLine box = {
      .left = sample(blob.left * across, still.width),
      .top = sample((blob.top - 0.75) * down, still.height),
      .right = sample(blob.right * across + 0.999, still.width),
      .bottom = sample((blob.bottom + 0.75) * down + 0.999, still.height),
      .clock = blob.clock / blob.cells};
  for (const Rows& rows : RowsOfText(stills, box)) {
    const int line = rows.bottom - rows.top;
    const double beside = across + kMarginBeside * line;
    const double above = kMarginAbove * line;
    box.left = sample(blob.left * across - beside, still.width);
    box.right = sample(blob.right * across + beside + 0.999, still.width);
    box.top = sample(rows.top - above, still.height);
    box.bottom = sample(rows.bottom + above + 0.999, still.height);
    const int high = box.bottom - box.top;
    if (box.right - box.left >= kLeastShape * high &&
        high <= kGreatestShare * still.height && box.clock >= kLeastClock) {
      lines->push_back(box);
    }
  }
}

// The sample at (x, y), between samples by their distance.
double Sample(const CueStill& still, double x, double y) {
  x = std::clamp(x, 0.0, still.width - 1.0);
  y = std::clamp(y, 0.0, still.height - 1.0);
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const int right = std::min(left + 1, still.width - 1);
  const int bottom = std::min(top + 1, still.height - 1);
  const auto at = [&](int column, int row) {
    return static_cast<double>(
        still.luma[size_t{1} * row * still.width + column]);
  };
  const double above =
      at(left, top) + (x - left) * (at(right, top) - at(left, top));
  const double below =
      at(left, bottom) + (x - left) * (at(right, bottom) - at(left, bottom));
  return above + (y - top) * (below - above);
}

}  // namespace

std::vector<TextLine> FindTextLines(const TextMap& map,
                                    absl::Span<const CueStill* const> stills) {
  std::vector<Blob> blobs = JoinWords(BlobFinder(map, map.clock).Find());
  for (const Blob& text : JoinWords(BlobFinder(map, map.text).Find())) {
    AddText(text, &blobs);
  }
  std::sort(blobs.begin(), blobs.end(), [](const Blob& a, const Blob& b) {
    const double of_a = a.clock / a.cells, of_b = b.clock / b.cells;
    return of_a != of_b ? of_a > of_b : a.cells > b.cells;
  });
  blobs.resize(std::min(blobs.size(), kMaxBlobs));
  std::vector<TextLine> lines;
  for (const Blob& blob : blobs) AddLines(map, stills, blob, &lines);
  lines.resize(std::min(lines.size(), kMaxLines));
  return lines;
}

double Strongest(absl::Span<const float> cells) {
  std::vector<float> sorted(cells.begin(), cells.end());
  const size_t n = std::min(sorted.size(), kStrongest);
  if (n == 0) return 0;
  std::partial_sort(sorted.begin(), sorted.begin() + n, sorted.end(),
                    std::greater<>());
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += sorted[i];
  return sum / static_cast<double>(n);
}

LinePicture CutLine(const CueStill& still, const TextLine& line) {
  const double high = std::max(1, line.bottom - line.top);
  const double wide = std::max(1, line.right - line.left);
  const double down = high / LinePicture::kHeight;
  const int shown =
      std::clamp(static_cast<int>(std::lround(wide / down)),
                 LinePicture::kMinWidth / 4, LinePicture::kMaxWidth);
  const double across = wide / shown;
  LinePicture picture;
  picture.width = std::max(LinePicture::kMinWidth, (shown + 7) / 8 * 8);
  for (int y = 0; y < LinePicture::kHeight; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      picture.luma.push_back(static_cast<uint8_t>(std::lround(Sample(
          still, line.left + (std::min(x, shown - 1) + 0.5) * across - 0.5,
          line.top + (y + 0.5) * down - 0.5))));
    }
  }
  return picture;
}

std::vector<std::string> Characters(absl::string_view text) {
  std::vector<std::string> characters;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const size_t length = lead < 0x80             ? 1
                          : (lead & 0xe0) == 0xc0 ? 2
                          : (lead & 0xf0) == 0xe0 ? 3
                          : (lead & 0xf8) == 0xf0 ? 4
                                                  : 0;
    size_t end = i + 1;
    while (end < i + length && end < text.size() &&
           (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) {
      ++end;
    }
    if (end == i + length) characters.emplace_back(text.substr(i, length));
    i = end;
  }
  return characters;
}

std::string DecodeLine(absl::Span<const float> scores,
                       absl::Span<const std::string> alphabet) {
  const size_t classes = alphabet.size() + 1;
  std::string text;
  size_t last = 0, characters = 0;
  for (size_t row = 0; row + classes <= scores.size(); row += classes) {
    const auto* const begin = scores.data() + row;
    const size_t best = std::max_element(begin, begin + classes) - begin;
    if (best != 0 && best != last && characters < kMaxCharacters) {
      text += alphabet[best - 1];
      ++characters;
    }
    last = best;
  }
  return text;
}

}  // namespace lenscap
