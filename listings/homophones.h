#ifndef LENSCAP_LISTINGS_HOMOPHONES_H_
#define LENSCAP_LISTINGS_HOMOPHONES_H_

#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Writes words of this field as they are written, where usual stand-ins for
// their characters were typed, which sound or look alike: "摄象头" is 摄像头,
// "偷啪" 偷拍, and so is "偷p". The longest word first, from the start on; gaps
// do not count.
void ReadHomophones(std::vector<TextUnit>* units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_HOMOPHONES_H_
