#ifndef LENSCAP_TESTS_FINGERPRINT_PDQ_MODEL_H_
#define LENSCAP_TESTS_FINGERPRINT_PDQ_MODEL_H_

#include "fingerprint/pdq.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {

// PDQ as its definition reads, step by step over whole planes and with no
// thought of speed: what ComputePdq and ComputeDihedralPdq are held against.

// The filtered plane, sampled on the grid, row by row.
std::vector<float> ModelGrid(const Picture& picture);
DihedralPdq ModelPdq(const Picture& picture, LumaRange range);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FINGERPRINT_PDQ_MODEL_H_
