export const DIGIT = 1;
export const HAN_DIGIT = 2;
export const AT = 4;
export const NAME_CUE = 8;
export const NAME_SUFFIX = 16;
export const HOUSE_UNIT = 32;
export const PROVINCE = 64;
export const LATIN = 128;
export const JOINER = 256;
export const INVISIBLE = 512;
export const BLANK = 1024;
export const SURROGATE = 2048;
export const CHANGED = 4096;
export const HAN = 8192;

const charClass = new Uint16Array(0x10000);
export const normalCode = Uint16Array.from({ length: 0x10000 }, (_, code) => code);
export const digitValue = new Int8Array(0x10000).fill(-1);

function mark(characters: string, bits: number): void {
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    charClass[code] = classOf(code) | bits;
  }
}

function markRange(from: number, to: number, bits: number): void {
  for (let code = from; code <= to; code += 1) charClass[code] = classOf(code) | bits;
}

function foldTo(characters: string, target: string): void {
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    normalCode[code] = target.charCodeAt(0);
    charClass[code] = classOf(target.charCodeAt(0)) | CHANGED;
  }
}

function foldDigits(firstCode: number, firstValue: number, count: number): void {
  for (let step = 0; step < count; step += 1) foldTo(String.fromCharCode(firstCode + step), String(firstValue + step));
}

export function classOf(code: number): number {
  return charClass[code] ?? 0;
}

const HAN_DIGITS: readonly string[] = [
  '〇零○',
  '一壹幺',
  '二贰',
  '三叁',
  '四肆',
  '五伍',
  '六陆',
  '七柒',
  '八捌',
  '九玖',
];
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';

/** After these a name follows: 居民王小明. Those of `NO_NAME_GLUED` also build words such as 居民楼 and 家属区. */
export const NAME_CUES: readonly string[] = (
  '居民 业主 住户 租户 租客 房东 户主 机主 商户 店主 店员 老板 车主 司机 驾驶员 骑手 快递员 外卖员 家属 家长 老人 老太 老汉 患者 病人 伤者 死者 学生 村民 市民 群众 网民 网友 ' +
  '联系人 举报人 投诉人 报案人 报警人 反映人 来电人 申请人 当事人 负责人 责任人 经办人 处置人 诉求人 信访人 求助人 报修人 上报人 承租人 被投诉人 网格员 网格长 值班员 调度员 ' +
  '巡查员 坐席员 楼长 单元长 志愿者 工作人员 保安 民警 辅警 姓名 名叫 我叫 我是 本人'
).split(' ');
export const NO_NAME_GLUED = new Set('楼区向');
export const NAME_SUFFIXES = [
  '先生',
  '女士',
  '小姐',
  '太太',
  '同志',
  '师傅',
  '老师',
  '阿姨',
  '大爷',
  '大妈',
  '大叔',
  '奶奶',
  '爷爷',
];

for (const code of [0x00ad, 0x034f, 0x061c, 0x180e, 0x20e3, 0xfeff]) markRange(code, code, INVISIBLE);
for (const [from, to] of [
  [0x0300, 0x036f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
] as const) {
  markRange(from, to, INVISIBLE);
}
markRange(0xd800, 0xdfff, SURROGATE);
markRange(0x3400, 0x4dbf, HAN);
markRange(0x4e00, 0x9fff, HAN);
markRange(0xf900, 0xfaff, HAN);
mark('〇', HAN);
mark('0123456789', DIGIT);
for (let value = 0; value <= 9; value += 1) digitValue[0x30 + value] = value;
HAN_DIGITS.forEach((characters, value) => {
  mark(characters, HAN_DIGIT);
  for (let index = 0; index < characters.length; index += 1) digitValue[characters.charCodeAt(index)] = value;
});
markRange(0x41, 0x5a, LATIN);
markRange(0x61, 0x7a, LATIN);
markRange(0xc0, 0x24f, LATIN);
mark('@', AT);
mark(' ', JOINER | BLANK);
mark("-.·()_~'", JOINER);
mark(PROVINCES, PROVINCE);
mark('号单栋幢座室户房牌弄-', HOUSE_UNIT);
for (const cue of NAME_CUES) mark(cue.charAt(0), NAME_CUE);
for (const suffix of NAME_SUFFIXES) mark(suffix.charAt(0), NAME_SUFFIX);
for (let code = 0xff01; code <= 0xff5e; code += 1)
  foldTo(String.fromCharCode(code), String.fromCharCode(code - 0xfee0));
foldTo(
  '\t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
  ' ',
);
foldTo('‐‑‒–—―⁃−﹘﹣ー─━', '-');
foldTo('•‧∙⋅・･●', '·');
foldTo('〜∼', '~');
foldTo('﹒․', '.');
foldTo('﹫', '@');
foldTo('﹢⁺', '+');
for (const zero of [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x2080]) foldDigits(zero, 0, 10);
foldDigits(0x2070, 0, 1);
foldTo('¹', '1');
foldTo('²', '2');
foldTo('³', '3');
foldDigits(0x2074, 4, 6);
foldDigits(0x24ea, 0, 1);
for (const one of [0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278a]) foldDigits(one, 1, 9);
