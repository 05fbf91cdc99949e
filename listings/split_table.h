#ifndef LENSCAP_LISTINGS_SPLIT_TABLE_H_
#define LENSCAP_LISTINGS_SPLIT_TABLE_H_

namespace lenscap {

// Characters that are written as their parts; the rows of split_characters.cc.
// Two parts, as the normaliser has them, and the character.
using SplitCharacter = char32_t[4];

// The first part is no character: what stands after it is its other part.
inline constexpr SplitCharacter kBoundParts[] = {
    U"扌白拍", U"扌聂摄", U"扌空控", U"扌罙探", U"扌臿插", U"扌口扣", U"扌丁打",
    U"扌殳投", U"扌妾接", U"扌圭挂", U"扌彐扫", U"扌奂换", U"扌斥拆", U"扌安按",
    U"扌是提", U"扌非排", U"扌旨指", U"扌寺持", U"扌隹推", U"扌氐抵", U"扌巴把",
    U"扌爪抓", U"扌苗描", U"扌甫捕", U"扌由抽", U"扌戈找", U"扌发拨", U"扌莫摸",
    U"扌包抱", U"扌旦担", U"扌支技", U"扌受授", U"亻俞偷", U"亻象像", U"亻言信",
    U"亻也他", U"亻尔你", U"亻门们", U"亻本体", U"亻立位", U"亻主住", U"亻更便",
    U"亻方仿", U"亻为伪", U"亻叚假", U"亻介价", U"亻氐低", U"亻牛件", U"亻乍作",
    U"亻专传", U"亻呆保", U"亻贞侦", U"亻则侧", U"亻吏使", U"亻弋代", U"亻寸付",
    U"亻共供", U"亻衣依", U"亻建健", U"亻直值", U"亻昔借", U"亻木休", U"钅十针",
    U"钅连链", U"钅月钥", U"钅竟镜", U"钅丑钮", U"钅中钟", U"钅令铃", U"钅艮银",
    U"钅戋钱", U"钅失铁", U"钅肖销", U"钅勾钩", U"钅冈钢", U"钅同铜", U"钅广矿",
    U"钅昔错", U"讠舌话", U"讠青请", U"讠殳设", U"讠果课", U"讠式试", U"讠射谢",
    U"讠十计", U"讠川训", U"讠己记", U"讠方访", U"讠正证", U"讠只识", U"讠平评",
    U"讠卖读", U"讠周调", U"讠成诚", U"讠寸讨", U"讠义议", U"氵谷浴", U"氵喿澡",
    U"氵先洗", U"氵原源", U"氵世泄", U"氵屚漏", U"氵酉酒", U"氵匋淘", U"氵罙深",
    U"氵每海", U"氵去法", U"氵可河", U"氵青清", U"氵斩渐", U"氵显湿", U"氵皮波",
    U"氵由油", U"氵殳没", U"氵舌活", U"氵昆混", U"礻见视", U"礻土社", U"礻畐福",
    U"礻申神", U"衤君裙", U"衤果裸", U"衤库裤", U"衤皮被", U"衤寸衬", U"衤由袖",
    U"衤末袜", U"忄青情", U"忄生性", U"忄夬快", U"忄白怕", U"阝急隐", U"阝方防",
    U"阝皆阶", U"阝余除", U"阝章障", U"纟丑纽", U"纟戋线", U"纟工红", U"纟且组",
    U"纟及级", U"纟冬终", U"纟色绝", U"纟田细", U"纟周绸", U"纟合给", U"饣官馆",
    U"饣反饭", U"饣欠饮", U"饣包饱", U"辶斤近", U"辶元远", U"辶关送", U"辶米迷",
    U"辶文这", U"辶不还", U"辶车连", U"辶首道", U"辶艮退", U"辶井进", U"辶寸过",
    U"辶云运", U"辶束速", U"辶甬通", U"犭句狗", U"犭苗猫", U"犭者猪", U"犭虫独",
    U"艹化花", U"艹田苗", U"艹约药", U"彐氺录", U"隹口售", U"彳攵微", U"扌比批",
    U"亻吕侣",
};

// Side by side these are never words: at least one is no character that is
// used by itself.
inline constexpr SplitCharacter kPartsTogether[] = {
    U"子乚孔", U"孑乚孔", U"己攵改", U"宀豕家", U"厶口台", U"金戋钱",
    U"金艮银", U"君羊群", U"目艮眼", U"女圭娃", U"禾必秘", U"禾厶私",
    U"禾呈程", U"景彡影", U"开彡形", U"孝攵教", U"弗贝费", U"壮衣装",
    U"宓山密", U"广氐底", U"水喿澡", U"言舌话", U"穴规窥", U"土止址",
};

// These may well be words: "基金十强", "选手聂卫平", "奖金竟然".
inline constexpr SplitCharacter kPartsApart[] = {
    U"人俞偷", U"人象像", U"手聂摄", U"手白拍", U"手空控", U"手口扣", U"金十针",
    U"金竟镜", U"金连链", U"金月钥", U"金丑钮", U"金中钟", U"金令铃", U"木几机",
    U"石马码", U"石皮破", U"穴切窃", U"步页频", U"水谷浴", U"水先洗", U"水原源",
    U"厂则厕", U"广占店", U"广坐座", U"广木床", U"力口加", U"十买卖", U"日寸时",
    U"火因烟", U"火丁灯", U"火暴爆", U"立占站", U"土也地", U"口斤听", U"足各路",
    U"车欠软", U"王见现", U"禾中种", U"目青睛", U"刑土型", U"贝反贩", U"贝勾购",
    U"贝长账", U"次贝资", U"言射谢", U"言青请", U"言果课", U"角军解", U"豆页头",
    U"才白拍", U"才聂摄",
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_SPLIT_TABLE_H_
