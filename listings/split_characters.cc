#include "listings/split_characters.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace lenscap {
namespace {

constexpr uint32_t kFurthest = 8;  // Bytes.

// The first part is no character: what stands after it is its other part.
constexpr absl::string_view kBound =
    "扌白拍 扌聂摄 扌空控 扌罙探 扌臿插 扌口扣 扌丁打 扌殳投 扌妾接 扌圭挂 "
    "扌彐扫 扌奂换 扌斥拆 扌安按 扌是提 扌非排 扌旨指 扌寺持 扌隹推 扌氐抵 "
    "扌巴把 扌爪抓 扌由抽 扌戈找 扌发拨 扌莫摸 扌包抱 扌旦担 扌支技 扌受授 "
    "亻俞偷 亻象像 亻言信 亻也他 亻尔你 亻门们 亻本体 亻立位 亻主住 亻更便 "
    "亻方仿 亻为伪 亻叚假 亻介价 亻氐低 亻牛件 亻乍作 亻专传 亻呆保 亻贞侦 "
    "亻则侧 亻吏使 亻弋代 亻寸付 亻共供 亻衣依 亻建健 亻直值 亻昔借 亻木休 "
    "钅十针 钅连链 钅月钥 钅竟镜 钅丑钮 钅中钟 钅令铃 钅艮银 钅戋钱 钅失铁 "
    "钅肖销 钅勾钩 钅冈钢 钅同铜 钅广矿 钅昔错 "
    "讠舌话 讠青请 讠殳设 讠果课 讠式试 讠射谢 讠十计 讠川训 讠己记 讠方访 "
    "讠正证 讠只识 讠平评 讠卖读 讠周调 讠成诚 讠寸讨 讠义议 "
    "氵谷浴 氵喿澡 氵先洗 氵原源 氵世泄 氵屚漏 氵酉酒 氵匋淘 氵罙深 氵每海 "
    "氵去法 氵可河 氵青清 氵斩渐 氵显湿 氵皮波 氵由油 氵殳没 氵舌活 氵昆混 "
    "礻见视 礻土社 礻畐福 礻申神 "
    "衤君裙 衤果裸 衤库裤 衤皮被 衤寸衬 衤由袖 衤末袜 "
    "忄青情 忄生性 忄夬快 忄白怕 "
    "阝急隐 阝方防 阝皆阶 阝余除 阝章障 "
    "纟丑纽 纟戋线 纟工红 纟且组 纟及级 纟冬终 纟色绝 纟田细 纟周绸 纟合给 "
    "饣官馆 饣反饭 饣欠饮 饣包饱 "
    "辶斤近 辶元远 辶关送 辶米迷 辶文这 辶不还 辶车连 辶首道 辶艮退 辶井进 "
    "辶寸过 辶云运 辶束速 辶甬通 "
    "犭句狗 犭苗猫 犭者猪 犭虫独 "
    "艹化花 艹田苗 艹约药 "
    "彐氺录 隹口售 彳攵微 ";

// Side by side these are never words: at least one is no character that is
// used by itself.
constexpr absl::string_view kTogether =
    "子乚孔 金戋钱 金艮银 君羊群 目艮眼 女圭娃 禾必秘 禾厶私 禾呈程 景彡影 "
    "开彡形 孝攵教 弗贝费 壮衣装 宓山密 广氐底 水喿澡 言舌话 穴规窥 土止址 ";

// These may well be: "基金十强", "选手聂卫平", "岩石皮肤", "奖金竟然".
constexpr absl::string_view kApart =
    "人俞偷 人象像 手聂摄 手白拍 手空控 手口扣 金十针 金竟镜 金连链 金月钥 "
    "金丑钮 金中钟 金令铃 木几机 石马码 石皮破 穴切窃 步页频 水谷浴 水先洗 "
    "水原源 厂则厕 广占店 广坐座 广木床 力口加 十买卖 日寸时 火因烟 火丁灯 "
    "立占站 土也地 口斤听 足各路 车欠软 王见现 禾中种 目青睛 刑土型 贝反贩 "
    "贝勾购 贝长账 次贝资 言射谢 言青请 言果课 ";

enum class Way : uint8_t { kBound, kTogether, kApart };

struct Join {
  char32_t joined;
  Way way;
};

using Joins = absl::flat_hash_map<uint64_t, Join>;

uint64_t KeyOf(char32_t first, char32_t second) {
  return uint64_t{first} << 32 | second;
}

// Parts as they stand in units: folded and simplified.
void Add(absl::string_view table, Way way, Joins* joins) {
  for (absl::string_view word : absl::StrSplit(table, ' ', absl::SkipEmpty())) {
    const std::vector<TextUnit> units = ReadUnits(word);
    if (units.size() != 3) continue;
    joins->emplace(KeyOf(units[0].code_point, units[1].code_point),
                   Join{units[2].code_point, way});
  }
}

const Joins& Table() {
  static const auto* const table = [] {
    auto* joins = new Joins;
    Add(kBound, Way::kBound, joins);
    Add(kTogether, Way::kTogether, joins);
    Add(kApart, Way::kApart, joins);
    return joins;
  }();
  return *table;
}

bool MayJoin(const Join& join, SplitParts parts, const TextUnit& first,
             const TextUnit& second) {
  const bool sure = join.way != Way::kApart;
  if (sure != (parts == SplitParts::kSure)) return false;
  if (!second.gap) return true;
  return join.way == Way::kBound && second.start - first.end <= kFurthest;
}

}  // namespace

void JoinSplitCharacters(SplitParts parts, std::vector<TextUnit>* units) {
  const Joins& joins = Table();
  size_t kept = 0;
  for (size_t i = 0; i < units->size(); ++i) {
    TextUnit unit = (*units)[i];
    if (unit.kind == TextKind::kHan && i + 1 < units->size() &&
        (*units)[i + 1].kind == TextKind::kHan) {
      const TextUnit& next = (*units)[i + 1];
      const auto found = joins.find(KeyOf(unit.code_point, next.code_point));
      if (found != joins.end() && MayJoin(found->second, parts, unit, next)) {
        unit.end = next.end;
        Become(found->second.joined, &unit);
        ++i;
      }
    }
    (*units)[kept++] = unit;
  }
  units->resize(kept);
}

}  // namespace lenscap
