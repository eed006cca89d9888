import type { Domain } from '../../../domain/ticket.ts';

/** What the demo says and how often, for the default district. All of it is invented; another district gets its categories' own names. */

/** How often a category occurs among those of its domain, and what such tickets are called (at most 10 Han characters). */
interface CategoryContent {
  readonly weight: number;
  readonly titles: readonly [string, ...string[]];
  /** Other departments that such a case needs, by chance (联动). */
  readonly assist?: readonly string[];
  /** Months in which it occurs as often as its weight says; else at a quarter of it. */
  readonly months?: readonly number[];
}

export const CATEGORY_CONTENT: Readonly<Record<string, CategoryContent>> = {
  heatingSupply: {
    weight: 28,
    titles: ['供暖报修未回访', '暖气不热', '暖气管道漏水', '室温不达标'],
    months: [11, 12, 1, 2, 3],
  },
  waterPressure: { weight: 14, titles: ['自来水压力不足', '水表井漏水', '停水未通知'] },
  powerOutage: { weight: 8, titles: ['单元楼停电求助', '电表箱跳闸', '线路频繁断电'] },
  gasLeak: { weight: 1, titles: ['楼道有燃气异味', '燃气管道异响'] },
  liftFault: { weight: 7, titles: ['电梯频繁停运', '电梯按键失灵', '电梯异响'] },
  liftTrapped: { weight: 1, titles: ['电梯困人'] },
  elderlyCare: { weight: 11, titles: ['独居老人求助代购药品', '老人行动不便求助', '助餐送餐未到'] },
  disabilityAid: { weight: 3, titles: ['无障碍坡道破损', '助残设施申请'] },
  medicalAid: { weight: 5, titles: ['就医接送求助', '慢病取药求助'] },
  propertyDispute: { weight: 8, titles: ['物业费纠纷', '物业维修拖延', '公共收益未公示'] },
  neighbourDispute: { weight: 7, titles: ['楼上漏水纠纷', '邻里停车争执', '装修扰邻'] },
  roofLeak: { weight: 3, titles: ['平房漏雨求助', '屋面渗水'] },
  foodSafety: { weight: 2, titles: ['外卖餐食变质', '早餐摊卫生差'] },
  wageArrears: { weight: 1, titles: ['工地拖欠工资', '家政工资未付'] },
  illegalParking: { weight: 30, titles: ['路口乱停乱放', '占用盲道停车', '学校门口违停', '小区出口违停'] },
  sharedBikes: { weight: 14, titles: ['共享单车淤积', '单车倒伏占道'] },
  trafficLight: { weight: 5, titles: ['路口信号灯不亮', '信号灯配时异常'] },
  trafficSign: { weight: 4, titles: ['标志牌倾斜', '斑马线磨损'] },
  roadDamage: { weight: 5, titles: ['路面坑洞', '井周沉陷'] },
  roadFlooding: { weight: 4, titles: ['非机动车道积水', '路口积水'] },
  busStop: { weight: 5, titles: ['公交站牌破损', '候车亭座椅损坏'] },
  congestion: { weight: 12, titles: ['路口拥堵求疏导', '学校周边拥堵'] },
  accident: { weight: 6, titles: ['轻微剐蹭求助', '事故车辆占道'] },
  medicalInsurance: { weight: 26, titles: ['医保缴费办理咨询', '异地就医备案', '医保卡补办'] },
  socialInsurance: { weight: 20, titles: ['社保转移咨询', '养老认证求助'] },
  householdRegister: { weight: 14, titles: ['居住证办理', '户口迁移咨询'] },
  businessLicence: { weight: 9, titles: ['营业执照变更', '个体户注册'] },
  propertyRegister: { weight: 6, titles: ['不动产证办理', '房产过户咨询'] },
  housingFund: { weight: 9, titles: ['公积金提取咨询', '公积金贷款咨询'] },
  policyEnquiry: { weight: 12, titles: ['人才补贴咨询', '惠企政策咨询'] },
  schoolPlace: { weight: 4, titles: ['入学材料咨询', '转学手续咨询'] },
  repeatNoise: { weight: 34, titles: ['噪声扰民重复来电', '夜间施工噪声', '广场舞音量过大'] },
  repeatRequest: { weight: 26, titles: ['同址重复诉求', '停车难重复来电', '供暖重复来电'] },
  jointEnforcement: {
    weight: 8,
    titles: ['烧烤摊联合整治', '市场周边联合整治'],
    assist: ['cityEnforcement', 'market', 'trafficPolice', 'ecology'],
  },
  groupRequest: {
    weight: 4,
    titles: ['业主集体诉求', '商户集体诉求'],
    assist: ['construction', 'livelihoodBureau', 'xuzhuangStreet'],
  },
  hotspot: {
    weight: 8,
    titles: ['电动车停放高发预警', '占道高发预警', '积水点预警'],
    assist: ['cityEnforcement', 'construction', 'community'],
  },
  nonMotorParking: { weight: 26, titles: ['电动车乱停乱放', '单元门前电动车占道', '电动车堵占楼门'] },
  fireLane: { weight: 2, titles: ['电动车占用消防通道', '私家车堵消防通道'] },
  flyingCables: { weight: 9, titles: ['电动车充电拉飞线', '高层飞线充电'] },
  streetVending: { weight: 34, titles: ['占道经营反复', '流动摊贩占道', '店外经营'] },
  litter: { weight: 26, titles: ['生活垃圾满溢', '垃圾桶满溢', '建筑垃圾堆放'] },
  stairwellClutter: { weight: 14, titles: ['楼道堆放杂物', '楼道停放童车'] },
  manholeMissing: { weight: 2, titles: ['雨水井盖缺失', '井盖破损', '井盖移位'] },
  streetLight: { weight: 9, titles: ['路灯连片不亮', '路灯昏暗'] },
  pavement: { weight: 6, titles: ['人行道砖破损', '路缘石松动'] },
  greenery: { weight: 9, titles: ['绿化带树枝折断', '绿化带枯死', '树枝遮挡路灯'] },
  fallingObject: { weight: 1, titles: ['高空坠物隐患', '外墙脱落'] },
  constructionDust: { weight: 5, titles: ['工地扬尘', '裸土未覆盖'] },
  dirtTruck: { weight: 5, titles: ['渣土车沿路遗撒', '渣土车带泥上路'] },
  illegalAdvert: { weight: 8, titles: ['违规张贴小广告', '门头广告破损'] },
  illegalBuilding: { weight: 2, titles: ['楼顶违建', '院落私搭乱建'] },
  strayDogs: { weight: 4, titles: ['流浪犬聚集', '遛狗不牵绳'] },
  waterPollution: { weight: 2, titles: ['河道漂浮物', '污水入河'] },
  drainBlocked: { weight: 4, titles: ['雨水箅子堵塞', '排水口堵塞'] },
};

/** Share of all reports, and reports by hour of an ordinary day, relative. */
export const DOMAIN_CONTENT: Readonly<
  Record<
    Domain,
    {
      readonly share: number;
      readonly byHour: readonly number[];
      /** Against an ordinary working day. */
      readonly onDaysOff: number;
      /** Source labels with their weights. */
      readonly sources: Readonly<Record<string, number>>;
      /** Median minutes until somebody takes it in hand. */
      readonly acceptMinutes: number;
    }
  >
> = {
  livelihood: {
    share: 0.263,
    byHour: [2, 1, 1, 1, 1, 3, 8, 14, 20, 22, 17, 12, 8, 9, 13, 16, 17, 16, 13, 11, 9, 7, 5, 3],
    onDaysOff: 0.82,
    sources: { '12345': 45, grid: 50, government: 5 },
    acceptMinutes: 2,
  },
  traffic: {
    share: 0.193,
    byHour: [1, 1, 1, 1, 1, 3, 9, 20, 19, 13, 10, 9, 8, 9, 10, 13, 16, 20, 19, 12, 8, 6, 4, 2],
    onDaysOff: 0.78,
    sources: { traffic: 45, grid: 30, '12345': 25 },
    acceptMinutes: 2,
  },
  government: {
    share: 0.117,
    byHour: [0, 0, 0, 0, 0, 0, 0, 1, 10, 22, 20, 14, 3, 5, 14, 18, 13, 6, 1, 0, 0, 0, 0, 0],
    onDaysOff: 0.06,
    sources: { government: 75, '12345': 25 },
    acceptMinutes: 6,
  },
  analysis: {
    share: 0.064,
    byHour: [2, 1, 1, 1, 1, 1, 3, 6, 10, 13, 13, 11, 9, 9, 12, 14, 14, 12, 11, 12, 13, 11, 7, 4],
    onDaysOff: 0.8,
    sources: { analysis: 80, '12345': 20 },
    acceptMinutes: 3,
  },
  urban: {
    share: 0.363,
    byHour: [2, 1, 1, 1, 2, 5, 12, 19, 24, 25, 22, 16, 9, 10, 17, 22, 20, 16, 13, 12, 9, 7, 5, 3],
    onDaysOff: 0.85,
    sources: { grid: 60, urban: 30, '12345': 10 },
    acceptMinutes: 2,
  },
};

/** Share of work that a department finishes in time. The rest is the tail that a wall exists for. */
export const ON_TIME_SHARE: Readonly<Record<string, number>> = {
  approval: 0.998,
  xuzhuangStreet: 0.991,
  livelihoodBureau: 0.987,
  trafficPolice: 0.982,
  shiqiaoTown: 0.979,
  market: 0.974,
  ecology: 0.963,
  cityEnforcement: 0.958,
  construction: 0.936,
  heating: 0.912,
  waterUtility: 0.972,
  powerUtility: 0.981,
  community: 0.985,
  governance: 0.988,
};
export const USUAL_ON_TIME_SHARE = 0.965;

/** Grids where much happens, against the usual 1. */
export const HOT_GRIDS: Readonly<Record<string, number>> = {
  'yunhe-04': 6,
  'heyun-03': 4,
  'yujing-09': 4,
  'dongtan-01': 3,
  'xinhe-02': 3,
  'mingde-05': 3,
};

/** Two in five cases of community committees go to the street instead. */
export const STREET_DEPARTMENTS: Readonly<Record<string, string>> = {
  xuzhuang: 'xuzhuangStreet',
  shiqiao: 'shiqiaoTown',
};
export const LENT_DEPARTMENT = 'community';

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许';
const STEMS = '甲乙丙丁戊己庚辛壬癸';

/** The n-th of 200 names that nobody bears: surname and heavenly stem. */
export function inventedName(n: number): string {
  return `${SURNAMES[n % SURNAMES.length]}${STEMS[Math.floor(n / SURNAMES.length) % STEMS.length]}`;
}

export const NOTES = {
  handle: ['已到场处置，现场恢复', '已联系当事人处理完毕', '已更换修复', '已劝离并清理', '已当面解释答复'],
  settle: ['一格解决，现场处置完毕', '当场劝导，已恢复', '现场清理完毕'],
  verify: ['照片比对一致，核实无误', '电话回访，当事人认可', '现场复查，已恢复'],
  return: ['不属本部门职责，退回重派', '地址不详，退回补充'],
  rework: ['现场复查仍有问题，返工', '回访不满意，重新处置'],
  extend: ['配件待到，经批准延期', '需夜间施工，经批准延期'],
  suspend: ['等待产权单位确认，挂账', '需天气转好施工，挂账'],
  resume: ['条件具备，恢复办理'],
  escalate: ['超期未办，上报上级协调'],
  merge: ['与同址诉求并案办理'],
  void: ['误报，现场无此情况'],
  note: ['已电话催办', '当事人补充照片 2 张', '承办人已到现场'],
} as const;

/** The case that everyone in the district quotes; it is in every day. Times are local. */
export const DAILY_CASE = {
  gridId: 'heyun-03',
  category: 'nonMotorParking',
  title: '电动车乱停乱放',
  description: '单元门前电动车占道停放 6 辆，附照片 2 张',
  source: 'grid',
  reporter: '吴己',
  reportedAt: '10:06',
  handle: { at: '10:11', by: '吴己', note: '联系车主挪车，通道恢复' },
  verify: { at: '10:14', by: '郑庚', note: '照片比对一致，核实无误' },
} as const;
