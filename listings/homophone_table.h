#ifndef LENSCAP_LISTINGS_HOMOPHONE_TABLE_H_
#define LENSCAP_LISTINGS_HOMOPHONE_TABLE_H_

#include "absl/strings/string_view.h"

namespace lenscap {

// A word, and what is typed for it, of as many characters; a letter, the
// initial of its character, counts as one. After a bar: what
// must not follow; after another: what must not come before; for there it is
// in other words ("写真孔雀", "注册所").
inline constexpr absl::string_view kHomophones =
    "摄像头:摄x头,s像头,摄象头,摄相头,摄像投|影屏资诉,摄像透|明镜露过,摄象投,"
    "射像头,社像头,"
    "设像头,涉像头,摄橡头,摄向头|部顶,射象头,摄祥头,舍像头\n"
    "摄像机:摄象机,摄相机,射像机,摄橡机\n"
    "针孔:针k,z孔,真孔|雀子明庙,珍孔|雀,帧孔,贞孔|雀,侦孔,针恐,阵孔|雀,枕孔,"
    "针空|调气,"
    "珎孔,斟孔\n"
    "偷拍:偷p,t拍,偷啪,偷怕||小,偷帕,愉拍,喻拍||比,偷柏\n"
    "偷窥:偷k,偷亏,偷盔,偷规,偷魁,偷愧,愉窥,偷奎\n"
    "偷录:偷l,愉录,偷陆\n"
    "偷听:偷厅,愉听\n"
    "窃听:窃停,窃厅,切听||一,怯听,妾听\n"
    "监控:监k,j控,监空,监孔,监恐,奸控\n"
    "监听:监停,监厅\n"
    "破解:p解,破j,皮解,破介,破姐,坡解,婆解,颇解,泼解,坡姐\n"
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
    "厕所:厕s,侧所||两左右内外一,厕锁,册所||手注\n"
    "更衣室:g衣室,更y室,更衣s,更一室,更衣市,更依室\n"
    "裙底:群底||人,裙抵,裙低\n"
    "洗澡:洗z,洗早|餐饭点,洗枣|子,喜澡\n"
    "浴室:浴s,玉室,浴市,欲室\n"
    "酒店:j店,酒d,久店\n"
    "宾馆:宾g,宾管,滨馆\n"
    "微信:薇信,徽信||安,微芯|片\n"
    "资源:资y,姿源,滋源\n"
    "视频:视p,视平|线面台,示频,视拼,视贫,湿频\n"
    "教程:教c,j程,叫程|序度,教呈\n"
    "账号:账呺,账h,帐号,账好\n"
    "密码:密m,蜜码,密马,密玛,蜜马\n"
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
    "厕拍:c拍,厕p\n"
    "情侣:情l,q侣\n"
    "卧室:卧s,w室\n"
    "试衣间:s衣间,试y间,试衣j\n"
    "软件:软仵,软j,r件\n"
    "网盘:网p,w盘\n"
    "扫描:扫m,s描\n"
    "文档:文挡\n"
    "民宿:民s,m宿\n"
    "原味:原胃\n";

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_HOMOPHONE_TABLE_H_
