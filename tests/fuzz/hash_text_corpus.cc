#include "tests/fuzz/seed.h"

namespace lenscap {
namespace {

// Sixty-four digits.
const std::string kHash =
    "f8f8f0cce0f4a84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22";

}  // namespace

std::vector<Seed> FuzzSeeds() {
  return {
      {"nothing", ""},
      {"hash", kHash},
      {"bytes", kHash.substr(0, 32)},
      {"pdq", kHash + "\n" + kHash + "\n"},
      {"pdq-quality", kHash + ",100\r\n\r\n" + kHash + ",0\r\n"},
      {"vpdq", "0,100," + kHash + ",0.000\n1,99," + kHash + ",0.333\n"},
      {"vpdq-fine",
       "0,1," + kHash + ",1.000000001\n7,50," + kHash + ",43200\n"},
      {"vpdq-too-fine", "0,1," + kHash + ",10.0009999999999\n"},
      {"header", "frame,quality,hash,time\n0,100," + kHash + ",0\n"},
  };
}

}  // namespace lenscap
