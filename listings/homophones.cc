#include "listings/homophones.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace lenscap {
namespace {

// A word, and what is typed for it, of as many characters. After a bar: what
// must not follow; after another: what must not come before; for there it is
// in other words ("写真孔雀", "注册所").
constexpr absl::string_view kWords =
    "摄像头:摄象头,摄相头,摄像投|影屏资诉,摄像透|明镜露过,摄象投,射像头,社像头,"
    "设像头,涉像头,摄橡头,摄向头|部顶,射象头,摄祥头,舍像头\n"
    "摄像机:摄象机,摄相机,射像机,摄橡机\n"
    "针孔:真孔|雀子明庙,珍孔|雀,帧孔,贞孔|雀,侦孔,针恐,阵孔|雀,枕孔,针空|调气,"
    "珎孔,斟孔\n"
    "偷拍:偷啪,偷怕||小,偷帕,愉拍,喻拍||比,偷柏\n"
    "偷窥:偷亏,偷盔,偷规,偷魁,偷愧,愉窥,偷奎\n"
    "偷录:愉录,偷陆\n"
    "偷听:偷厅,愉听\n"
    "窃听:窃停,窃厅,切听||一,怯听,妾听\n"
    "监控:监空,监孔,监恐,奸控\n"
    "监听:监停,监厅\n"
    "破解:破介,破姐,坡解,婆解,颇解,泼解,坡姐\n"
    "隐藏:隐臧,引藏,隐仓,影藏||电身人阴,饮藏,瘾藏\n"
    "隐形:引形,隐型,瘾形,饮形\n"
    "隐蔽:隐避,隐弊,引蔽\n"
    "微型:微形,薇型,威型,徽型\n"
    "录像:录象,录相,路像,陆像\n"
    "录音:录因,录茵\n"
    "拍摄:拍社,拍射,啪摄\n"
    "镜头:境头,竞头,镜投,竟头\n"
    "暗拍:暗啪,暗怕||黑\n"
    "密拍:蜜拍,密啪\n"
    "厕所:侧所||两左右内外一,厕锁,册所||手注\n"
    "更衣室:更一室,更衣市,更依室\n"
    "裙底:群底||人,裙抵,裙低\n"
    "洗澡:洗早|餐饭点,洗枣|子,喜澡\n"
    "浴室:玉室,浴市,欲室\n"
    "酒店:久店\n"
    "宾馆:宾管,滨馆\n"
    "微信:薇信,徽信||安,微芯|片\n"
    "资源:姿源,滋源\n"
    "视频:视平|线面台,示频,视拼,视贫,湿频\n"
    "教程:叫程|序度,教呈\n"
    "账号:帐号,账好\n"
    "密码:蜜码,密马,密玛,蜜马\n"
    "云台:云抬\n"
    "直播:值播,植播|种\n"
    "充电宝:充电饱,充电堡,冲电宝\n"
    "打火机:打伙机,达火机\n"
    "插座:插坐\n"
    "烟感:烟敢\n"
    "夜视:夜示\n"
    "远程:远呈\n"
    "设备:设倍,设贝,社备\n"
    "出售:出瘦\n"
    "原味:原胃\n";

struct StandIn {
  std::u32string typed;
  std::u32string word;
  std::u32string not_after;   // The characters that must not come before it.
  std::u32string not_before;  // And those that must not follow.
};

// By the first character, longest first.
using StandIns = absl::flat_hash_map<char32_t, std::vector<StandIn>>;

std::u32string Normal(absl::string_view text) {
  std::u32string points;
  for (const TextUnit& unit : ReadUnits(text)) points += unit.code_point;
  return points;
}

const StandIns& Table() {
  static const auto* const table = [] {
    auto* stand_ins = new StandIns;
    for (absl::string_view line :
         absl::StrSplit(kWords, '\n', absl::SkipEmpty())) {
      const std::vector<absl::string_view> word = absl::StrSplit(line, ':');
      for (absl::string_view typed : absl::StrSplit(word[1], ',')) {
        std::vector<absl::string_view> parts = absl::StrSplit(typed, '|');
        parts.resize(3);
        StandIn stand_in = {Normal(parts[0]), Normal(word[0]), Normal(parts[2]),
                            Normal(parts[1])};
        (*stand_ins)[stand_in.typed[0]].push_back(std::move(stand_in));
      }
    }
    for (auto& [first, list] : *stand_ins) {
      std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return a.typed.size() > b.typed.size();
      });
    }
    return stand_ins;
  }();
  return *table;
}

bool Has(const std::u32string& points, char32_t c) {
  return points.find(c) != std::u32string::npos;
}

bool StandsAt(const StandIn& stand_in, const std::vector<TextUnit>& units,
              size_t at) {
  const size_t end = at + stand_in.typed.size();
  if (end > units.size()) return false;
  for (size_t i = at; i < end; ++i) {
    if (units[i].code_point != stand_in.typed[i - at]) return false;
  }
  if (at > 0 && Has(stand_in.not_after, units[at - 1].code_point)) return false;
  return end == units.size() ||
         !Has(stand_in.not_before, units[end].code_point);
}

}  // namespace

void ReadHomophones(std::vector<TextUnit>* units) {
  const StandIns& table = Table();
  for (size_t i = 0; i < units->size();) {
    size_t read = 1;
    const auto found = (*units)[i].kind == TextKind::kHan
                           ? table.find((*units)[i].code_point)
                           : table.end();
    if (found != table.end()) {
      for (const StandIn& stand_in : found->second) {
        if (!StandsAt(stand_in, *units, i)) continue;
        read = stand_in.typed.size();
        for (size_t j = 0; j < read; ++j) {
          Become(stand_in.word[j], &(*units)[i + j]);
        }
        break;
      }
    }
    i += read;
  }
}

}  // namespace lenscap
