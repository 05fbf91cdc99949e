#include "tests/fingerprint/pdq_model.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace lenscap {
namespace {

using Floats = std::vector<float>;
using Matrix = std::vector<Floats>;  // By row.

// The mean of a window around each sample, from a sum that runs along.
Floats Box(const Floats& in) {
  const int n = in.size();
  const int size = (n + 127) / 128;
  const int after = (size + 2) / 2 - 1;
  Floats out(n);
  float sum = 0;
  int inside = 0;
  for (int x = -after; x < n; ++x) {
    if (x + after < n) sum += in[x + after], ++inside;
    if (x + after - size >= 0) sum -= in[x + after - size], --inside;
    if (x >= 0) out[x] = sum / inside;
  }
  return out;
}

Matrix Transpose(const Matrix& in) {
  Matrix out(in[0].size(), Floats(in.size()));
  for (size_t y = 0; y < in.size(); ++y) {
    for (size_t x = 0; x < in[y].size(); ++x) out[x][y] = in[y][x];
  }
  return out;
}

Matrix BoxRows(Matrix plane) {
  for (Floats& row : plane) row = Box(row);
  return plane;
}

Matrix Multiply(const Matrix& a, const Matrix& b) {
  Matrix product(a.size(), Floats(b[0].size()));
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b[0].size(); ++j) {
      for (size_t k = 0; k < b.size(); ++k) product[i][j] += a[i][k] * b[k][j];
    }
  }
  return product;
}

Matrix Grid(const Picture& picture) {
  Matrix plane(picture.height, Floats(picture.width));
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) plane[y][x] = picture.at(x, y);
  }
  for (int pass = 0; pass < 2; ++pass) {
    plane = Transpose(BoxRows(Transpose(BoxRows(plane))));
  }
  Matrix grid(64, Floats(64));
  for (int i = 0; i < 64; ++i) {
    for (int j = 0; j < 64; ++j) {
      grid[i][j] = plane[int((i + 0.5) * picture.height / 64)]
                        [int((j + 0.5) * picture.width / 64)];
    }
  }
  return grid;
}

Matrix Spectrum(const Matrix& grid) {
  const float scale = std::sqrt(2.0 / 64);
  Matrix cosines(16, Floats(64));
  for (int i = 0; i < 16; ++i) {
    for (int j = 0; j < 64; ++j) {
      cosines[i][j] = scale * std::cos(M_PI / 128 * (i + 1) * (2 * j + 1));
    }
  }
  return Multiply(Multiply(cosines, grid), Transpose(cosines));
}

int Quality(const Matrix& grid, LumaRange range) {
  const int white = range == LumaRange::kFull ? 255 : 219;
  int sum = 0;
  for (const Matrix& lines : {Transpose(grid), grid}) {
    for (const Floats& line : lines) {
      for (int i = 0; i + 1 < 64; ++i) {
        sum += std::abs(int((line[i] - line[i + 1]) * 100 / white));
      }
    }
  }
  return std::min(100, sum / 90);
}

Hash256 Bits(const Matrix& spectrum) {
  Floats sorted;
  for (const Floats& row : spectrum) {
    sorted.insert(sorted.end(), row.begin(), row.end());
  }
  std::sort(sorted.begin(), sorted.end());
  Hash256 hash;
  for (int k = 0; k < 256; ++k) {
    if (spectrum[k / 16][k % 16] > sorted[127]) {
      hash.words[k / 64] |= uint64_t{1} << (k % 64);
    }
  }
  return hash;
}

// Of the spectrum of each Orientation: whether its axes are exchanged, and
// which coefficients of the result are negated. The first has index 0.
struct Turn {
  bool transpose;
  std::function<bool(int row, int column)> negative;
};
const Turn kTurns[kOrientations] = {
    {false, [](int, int) { return false; }},
    {true, [](int row, int) { return row % 2 == 0; }},
    {false, [](int row, int column) { return (row + column) % 2 != 0; }},
    {true, [](int, int column) { return column % 2 == 0; }},
    {false, [](int row, int) { return row % 2 == 0; }},
    {false, [](int, int column) { return column % 2 == 0; }},
    {true, [](int, int) { return false; }},
    {true, [](int row, int column) { return (row + column) % 2 != 0; }},
};

}  // namespace

std::vector<float> ModelGrid(const Picture& picture) {
  Floats grid;
  for (const Floats& row : Grid(picture)) {
    grid.insert(grid.end(), row.begin(), row.end());
  }
  return grid;
}

DihedralPdq ModelPdq(const Picture& picture, LumaRange range) {
  DihedralPdq result;
  if (std::min(picture.width, picture.height) < 5) return result;
  const Matrix grid = Grid(picture);
  const Matrix upright = Spectrum(grid);
  for (int k = 0; k < kOrientations; ++k) {
    Matrix turned = kTurns[k].transpose ? Transpose(upright) : upright;
    for (int i = 0; i < 16; ++i) {
      for (int j = 0; j < 16; ++j) {
        if (kTurns[k].negative(i, j)) turned[i][j] = -turned[i][j];
      }
    }
    result.hashes[k] = Bits(turned);
  }
  result.quality = Quality(grid, range);
  return result;
}

}  // namespace lenscap
