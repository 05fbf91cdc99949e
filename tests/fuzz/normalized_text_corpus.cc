#include "tests/fuzz/seed.h"

namespace lenscap {
namespace {

std::string Many(const std::string& what, int times) {
  std::string many;
  for (int i = 0; i < times; ++i) many += what;
  return many;
}

}  // namespace

std::vector<Seed> FuzzSeeds() {
  return {
      {"nothing", ""},
      {"zh", "针孔摄像头 1080P 高清夜视，充电器伪装"},
      {"en", "Hidden spy cam, WiFi 4K h264: nanny-camera!"},
      {"traditional", "針孔攝像頭 竊聽 廁所"},
      {"unseen", "hid\u200bden\u202ecam\u2066 \ufe0f1\ufe0f\u20e3"},
      {"marks", "h\u0301i\u0336d\u0489den n\u0308u\u0308ce"},
      {"letters", "ⓢⓟⓨ 🅒🅐🅼 🇨🇦🇲 𝓼𝓹𝔂 ＣＡＭ ﬁlm ㈱ ㎞ ㌖ \ufdfa"},
      {"look-alikes", "hіddеn САМ ΗIDDΕΝ Ꮯam скрытая камера"},
      {"leet", "h1dd3n c@m3r@ $py vide0 ba11 mp3player 1080p"},
      {"pinyin", "zhen1kong3 shèxiàngtou nǚ xian maizhenkong"},
      {"split", "亻俞扌白 钅十孔 金十 木几 ⺘白 彐氺"},
      {"homophones", "真孔摄象头 偷啪 写真孔雀 侧所"},
      {"kana", "ｶﾒﾗ ﾋﾟﾝ か\u3099\u3099 カメラ"},
      {"hangul", "\u1106\u1169\u11af카 ㅁㅗㄹ 한글"},
      {"indic", "क\u093c\u094d\u0e38\u0e48 \u09c7\u09be"},
      {"not-utf8", "cam\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80\xe9\x92"},
      {"run-of-marks", Many("\u0e38", 70) + Many("\u0301", 70)},
  };
}

}  // namespace lenscap
