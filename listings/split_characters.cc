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

// Parts that are no characters: what they stand before is theirs.
constexpr absl::string_view kBound =
    "扌白拍 扌聂摄 扌空控 扌罙探 扌扁插 扌臿插 扌口扣 扌丁打 扌殳投 扌妾接 "
    "扌圭挂 扌彐扫 扌奂换 扌斥拆 扌安按 扌是提 扌非排 扌旨指 扌寺持 扌隹推 "
    "扌氐抵 扌巴把 扌爪抓 扌由抽 扌戈找 扌发拨 扌莫摸 扌包抱 扌罒摆 扌虎搋 "
    "扌旦担 扌支技 扌受授 扌舍捨 扌卖㩐 "
    "亻俞偷 亻象像 亻言信 亻也他 亻尔你 亻门们 亻本体 亻立位 亻主住 亻更便 "
    "亻方仿 亻为伪 亻叚假 亻介价 亻氐低 亻牛件 亻乍作 亻专传 亻呆保 亻寺侍 "
    "亻贞侦 亻则侧 亻吏使 亻壬任 亻弋代 亻寸付 亻其供 亻共供 亻人从 亻衣依 "
    "亻建健 亻直值 亻昔借 亻叟傁 亻到倒 亻京倞 亻木休 亻固個 亻二仁 "
    "钅十针 钅连链 钅月钥 钅竟镜 钅丑钮 钅中钟 钅令铃 钅艮银 钅戋钱 钅失铁 "
    "钅肖销 钅勾钩 钅冈钢 钅呙锅 钅同铜 钅广矿 钅昔错 "
    "讠舌话 讠青请 讠殳设 讠果课 讠式试 讠射谢 讠十计 讠川训 讠己记 讠方访 "
    "讠正证 讠只识 讠平评 讠卖读 讠周调 讠成诚 讠身谢 讠寸讨 讠义议 "
    "氵谷浴 氵喿澡 氵先洗 氵原源 氵世泄 氵屚漏 氵酉酒 氵匋淘 氵罙深 氵每海 "
    "氵去法 氵可河 氵青清 氵斩渐 氵显湿 氵皮波 氵由油 氵殳没 氵舌活 氵昆混 "
    "礻见视 礻土社 礻畐福 礻申神 "
    "衤君裙 衤果裸 衤库裤 衤皮被 衤寸衬 衤由袖 衤末袜 "
    "忄青情 忄生性 忄夬快 忄白怕 忄青情 "
    "阝急隐 阝方防 阝皆阶 阝余除 阝章障 "
    "纟丑纽 纟戋线 纟工红 纟且组 纟及级 纟冬终 纟色绝 纟田细 纟周绸 纟合给 "
    "饣官馆 饣反饭 饣欠饮 饣包饱 "
    "辶斤近 辶元远 辶关送 辶米迷 辶文这 辶不还 辶车连 辶首道 辶艮退 辶井进 "
    "辶寸过 辶云运 辶束速 辶甬通 "
    "犭句狗 犭苗猫 犭者猪 犭虫独 "
    "艹化花 艹田苗 艹约药 "
    "彐氺录 隹口售 子乚孔 彳攵微 ";

// Two characters that are hardly ever words side by side.
constexpr absl::string_view kTogether =
    "人俞偷 手聂摄 金戋钱 金艮银 金竟镜 穴规窥 穴切窃 步页频 君羊群 石皮破 "
    "日音暗 目艮眼 目青睛 土止址 女圭娃 禾必秘 禾厶私 景彡影 开彡形 刑土型 "
    "孝攵教 禾呈程 贝反贩 弗贝费 壮衣装 宓山密 广氐底 贝勾购 次贝资 水喿澡 "
    "贝长账 石马码 言舌话 言射谢 言青请 ";

// Two characters that may well be.
constexpr absl::string_view kApart =
    "手白拍 人象像 金十针 木几机 手空控 水谷浴 水先洗 厂则厕 户方房 广占店 "
    "力口加 十买卖 金连链 金月钥 金丑钮 金中钟 金令铃 手口扣 水原源 日寸时 "
    "火因烟 火丁灯 立占站 土也地 女未妹 女且姐 女干奸 女票嫖 口斤听 化贝货 "
    "广坐座 足各路 车欠软 王见现 广木床 禾中种 弓长张 木目相 米唐糖 口乞吃 "
    "女子好 云力动 女又奴 言果课 ";

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
