#ifndef LENSCAP_MODELS_CELL_MEANS_H_
#define LENSCAP_MODELS_CELL_MEANS_H_

#include <cstdint>

#include "media/frame.h"

namespace lenscap {

// Writes width * height samples, row by row: each the rounded mean of its cell
// of the plane, whose samples along an axis of `length` samples and `cells`
// cells are [i * length / cells, (i + 1) * length / cells), rounded down, but
// one at least. What models learnt from: frozen to the bit. Thread-safe.
void CellMeans(const Plane& luma, int width, int height, uint8_t* means);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CELL_MEANS_H_
