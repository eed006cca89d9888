import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker, type KnownPeople } from '../../domain/masking.ts';

const masker = createMasker({ readableNumbers: ['0537-2651234', '（0537）658 8000', '2319999'] });

/** [what, input, output]; all people and numbers are invented. */
type Case = readonly [what: string, input: string, output: string];

const numbers: readonly Case[] = [
  ['mobile', '请回电13812345678谢谢', '请回电***********谢谢'],
  ['mobile in groups', '138 1234 5678', '*** **** ****'],
  ['mobile with hyphens', '139-1234-5678', '***-****-****'],
  ['mobile with dots', '139.1234.5678', '***.****.****'],
  ['mobile, a blank after each digit', '1 3 8 1 2 3 4 5 6 7 8', '* * * * * * * * * * *'],
  ['mobile, full-width', '１３８１２３４５６７８', '***********'],
  ['mobile, full-width and half-width mixed', '1３8１2３4５6７8', '***********'],
  ['mobile, full-width hyphens', '138－1234－5678', '***－****－****'],
  ['mobile, ideographic blanks', '138　1234　5678', '***　****　****'],
  ['mobile, no-break blanks', '138\u00a01234\u00a05678', '***\u00a0****\u00a0****'],
  ['mobile, zero-width blanks', '138\u200b1234\u200d5678', '***********'],
  ['mobile, soft hyphens', '138\u00ad1234\u00ad5678', '***********'],
  ['mobile, Chinese numerals', '一三八一二三四五六七八', '***********'],
  ['mobile, telephone one and round zero', '幺三八〇〇零零五六七八', '***********'],
  ['mobile, formal numerals', '壹叁捌壹贰叁肆伍陆柒捌', '***********'],
  ['mobile, both kinds of digits', '138一二三四5678', '***********'],
  ['mobile, circled digits', '①③⑧①②③④⑤⑥⑦⑧', '***********'],
  ['mobile, keycaps', '1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣', '***********'],
  ['mobile, mathematical digits', '𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖', '***********'],
  ['mobile after a list number', '①13812345678', '①***********'],
  ['mobile before a Chinese numeral', '13812345678一楼', '***********一楼'],
  ['mobile after letters', 'wx13812345678', 'wx***********'],
  ['mobile with +86', '+86 138 1234 5678', '+** *** **** ****'],
  ['mobile with 0086', '0086-13812345678', '****-***********'],
  ['mobile with 86', '8613812345678', '*************'],
  ['mobile with a leading zero', '013812345678', '************'],
  ['mobile that looks like a date', '199-2026-0318', '***-****-****'],
  ['mobile that opens like a date', '1992-3-11-2345', '****-*-**-****'],
  ['two mobiles', '13812345678/13912345678', '***********/***********'],
  ['landline', '0537-2345678', '****-*******'],
  ['landline without a hyphen', '05372345678', '***********'],
  ['landline in brackets', '（0537）2345678', '（****）*******'],
  ['landline, 3-digit area', '010-62345678', '***-********'],
  ['landline with +86', '+86 537 2345678', '+** *** *******'],
  ['landline and its extension', '0537-2345678-8001', '****-*******-8001'],
  ['landline before a floor', '0537 2345678 3楼', '**** ******* 3楼'],
  ['landline spaced out', '0 5 3 7 2 3 4 5 6 7 8 8', '* * * * * * * * * * * *'],
  ['local number after 电话', '电话2345678', '电话*******'],
  ['local number after 电话是', '电话号码是：234 5678', '电话号码是：*** ****'],
  ['local number after 座机', '座机 62345678', '座机 ********'],
  ['local number after 拨打', '拨打2345678无人接听', '拨打*******无人接听'],
  ['local number after 联系人 and a name', '联系人张三 2345678', '联系人张* *******'],
  ['local number after Tel', 'Tel: 2345678', 'Tel: *******'],
  ['local number after phone', 'phone 635-4951', 'phone ***-****'],
  ['second local number', '电话2345678、2345679', '电话*******、*******'],
  ['local number after a hotline', '拨打12345 2345678', '拨打12345 *******'],
  ['North American', '617-635-4951 Office', '***-***-**** Office'],
  ['North American in brackets', '(617) 635-4951', '(***) ***-****'],
  ['North American with +1', '+1 617 635 4951', '+* *** *** ****'],
  ['North American with 1-', '1-617-635-4951', '*-***-***-****'],
  ['North American, contiguous', 'call 6176354951', 'call **********'],
  ['North American, dots', '617.635.4951', '***.***.****'],
  ['other countries', '+44 20 7946 0958', '+** ** **** ****'],
  ['identity number', '身份证370811199003071239', '身份证******************'],
  ['identity number, check X', '11010519491231002X', '******************'],
  ['identity number, small x', '11010519491231002x', '******************'],
  ['identity number, full-width Ｘ', '１１０１０５１９４９１２３１００２Ｘ', '******************'],
  ['identity number in groups', '110105 19491231 002 X', '****** ******** *** *'],
  ['identity number with date hyphens', '110105-1949-12-31-002X', '******-****-**-**-****'],
  ['identity number, mistyped', '370811199003071230', '******************'],
  ['identity number, 15 digits', '370811900307123', '***************'],
  ['bank card', '4111111111111111', '****************'],
  ['bank card in groups', '4111 1111 1111 1111', '**** **** **** ****'],
  ['bank card with hyphens', '4111-1111-1111-1111', '****-****-****-****'],
  ['bank card, 19 digits', '卡号6222021234567890128', '卡号*******************'],
  ['bank card, 13 digits', '4222222222222', '*************'],
  ['bank card that opens like a hotline', '4000 0000 0000 0002', '**** **** **** ****'],
];

const addresses: readonly Case[] = [
  ['e-mail', '发至zhang.san@example.com', '发至*****.***@*******.***'],
  ['e-mail, full-width', 'ａｂ＠ｑｑ．ｃｏｍ', '**＠**．***'],
  ['e-mail, blanks around the signs', 'ab @ qq . com', '** @ ** . ***'],
  ['e-mail, ideographic stop', 'ab@qq。com', '**@**。***'],
  ['e-mail that is a mobile number', '13812345678@139.com', '***********@***.***'],
  ['e-mail, plus and subdomain', 'a+b@mail.example.co.uk', '*+*@****.*******.**.**'],
  ['plate', '鲁H12345违停', '鲁H*****违停'],
  ['plate with a dot', '鲁H·12345', '鲁H·*****'],
  ['plate with a blank', '鲁H 1A234', '鲁H *****'],
  ['plate, small letter', '鲁h12345', '鲁h*****'],
  ['plate, new energy', '鲁HD12345', '鲁H******'],
  ['plate, new energy lorry', '鲁H12345D', '鲁H******'],
  ['plate, police', '鲁H1234警', '鲁H*****'],
  ['plate, driving school', '鲁H1234学', '鲁H*****'],
  ['plate, trailer', '鲁H1234挂', '鲁H*****'],
  ['plate, Hong Kong', '粤Z1234港', '粤Z*****'],
  ['plate, Macao', '粤Z1234澳', '粤Z*****'],
  ['plate, full-width', '鲁Ｈ１２３４５', '鲁Ｈ*****'],
  ['plate, spaced out', '鲁 H 1 2 3 4 5', '鲁 H * * * * *'],
  ['plate, hyphens', '鲁H-123-45', '鲁H-***-**'],
  ['street number', '建设路12号路灯不亮', '建设路**号路灯不亮'],
  ['street number in Chinese', '建设路十二号', '建设路**号'],
  ['street number, full-width', '建设路１２号', '建设路**号'],
  ['street number with a branch', '建设路12-3号', '建设路**-*号'],
  ['lane and number', '延安路123弄45号', '延安路***弄**号'],
  ['alley', '柳行巷7号', '柳行巷*号'],
  ['lane called hutong', '菊儿胡同3号', '菊儿胡同*号'],
  ['village number', '石桥村12号', '石桥村**号'],
  ['whole address', '建设路12号院3号楼2单元501室', '建设路**号院*号楼*单元***室'],
  ['flat', '荷韵花园3号楼2单元501室漏水', '荷韵花园*号楼*单元***室漏水'],
  ['flat without 室', '3号楼2单元501', '*号楼*单元***'],
  ['flat, one of several on a floor', '5栋2单元12户', '*栋*单元**户'],
  ['flat by its side', '3号楼2单元东户', '*号楼*单元东户'],
  ['flat in a block', '3栋501', '*栋***'],
  ['flat with its floor', '3号楼5层501室', '*号楼*层***室'],
  ['flat with blanks', '3号楼 2单元 5 0 1室', '*号楼 *单元 * * *室'],
  ['flat in Chinese numerals', '三号楼二单元五〇一室', '*号楼*单元***室'],
  ['flat by hyphens', '3-2-501漏水', '*-*-***漏水'],
  ['flat by hyphens with 室', '12-1-1102室', '**-*-****室'],
  ['room alone', '501室', '***室'],
  ['room in a lettered block', 'A座1203室', 'A座****室'],
  ['doorplate', '门牌号：12', '门牌号：**'],
  ['English street number', '475 Huntington Ave  Hyde Park', '*** Huntington Ave  Hyde Park'],
  ['English double number', '486A-486B Huntington Ave', '****-**** Huntington Ave'],
  ['English number before an ordinal street', '4900 E 63rd St', '**** E 63rd St'],
  ['English number within a text', 'LAMP #N1176003  20 Delano Pk/sent', 'LAMP #N1176003  ** Delano Pk/sent'],
  ['English number, capitals', '10401 HOLMES RD', '***** HOLMES RD'],
  ['English number, small letters', 'Outages/37 orient ave/sent', 'Outages/** orient ave/sent'],
  ['English half number', '34hf Beacon St  Boston', '**** Beacon St  Boston'],
  ['English street with a hyphen', '25 Crowley-Rogers Way', '** Crowley-Rogers Way'],
  ['English number with a letter behind a hyphen', '1205-P VFW Pkwy', '****-* VFW Pkwy'],
  ['English flat', '12 Main St Apt 3B', '** Main St Apt **'],
];

const names: readonly Case[] = [
  ['after 居民', '居民王小明反映楼道灯不亮', '居民王*反映楼道灯不亮'],
  ['two characters', '居民王明反映楼道灯不亮', '居民王*反映楼道灯不亮'],
  ['end of text', '联系人王小明', '联系人王*'],
  ['after a colon', '联系人：王小明，请回电', '联系人：王*，请回电'],
  ['blanks within', '联系人：王 小 明', '联系人：王*'],
  ['full-width blanks within', '业主：王　小　明', '业主：王*'],
  ['zero-width blanks within', '业主王\u200b小\u200b明', '业主王\u200b*'],
  ['compound surname', '业主欧阳小明', '业主欧阳*'],
  ['compound surname, one more character', '举报人诸葛亮', '举报人诸葛*'],
  ['compound surname beats single', '投诉人：司马光', '投诉人：司马*'],
  ['traditional surname', '居民張小明反映', '居民張*反映'],
  ['several', '居民王小明、李四和张五反映', '居民王*、李*和张*反映'],
  ['name of a minority', '居民买买提·艾力反映', '居民买*反映'],
  ['old person', '老人李桂兰走失', '老人李*走失'],
  ['reporter of a crime', '报案人赵铁柱称', '报案人赵*称'],
  ['officer', '网格员孙丽上报', '网格员孙*上报'],
  ['shopkeeper', '店主钱多占道经营', '店主钱*占道经营'],
  ['driver', '司机周强乱停', '司机周*乱停'],
  ['before 先生', '王小明先生来电', '王*先生来电'],
  ['before 女士', '通知张伟女士', '通知张*女士'],
  ['compound before 女士', '欧阳娜娜女士', '欧阳*女士'],
  ['before 阿姨', '刘桂花阿姨', '刘*阿姨'],
  ['surname 于 is no preposition here', '居民于小明反映', '居民于*反映'],
  ['rare sign beyond the basic plane', '居民王𠮷反映', '居民王*反映'],
  ['after Mr', 'Mr Smith called', 'Mr S* called'],
  ['after Mrs.', 'Mrs. Ann Lee', 'Mrs. A* L*'],
  ['after Dr at the start', 'Contact Dr Lee', 'Contact Dr L*'],
  ['after Dr', 'asked Dr Lee to come', 'asked Dr L* to come'],
];

const readable: readonly string[] = [
  'GD-260318-0157',
  'GD-260318-10157',
  '工单GD-260318-0157与GD-260318-0158重复',
  '荷韵花园-03',
  '荷韵花园-03网格共享单车乱停',
  '拨打12345、110、119、120、122',
  '12345热线转办',
  '电话12345',
  '400-123-4567',
  '客服400 812 3456',
  '4008123456',
  '800-820-8820',
  '银行95588',
  '供电95598',
  '拨打96178',
  '值班电话0537-2651234',
  '值班电话（0537）265 1234',
  '05376588000',
  '拨打2319999',
  '2026-03-18',
  '2026-03-18 10:06:00',
  '2026/3/18至2026/3/20',
  '2026-03-18 2026-03-20 8:00',
  '2026.03.18-2026.03.20',
  '2026年3月18日10时06分',
  '20260318100600',
  '3月18号下午',
  '许庄12号下午停电',
  '10:06-10:14',
  '用时2小时15分',
  '长60 厘米宽 80 厘米',
  '1200元',
  '共1,200,000元',
  'G104国道120公里处',
  'S338省道',
  '地铁3号线',
  '北门5号门',
  '荷韵花园5号门外积水',
  'K8路公交车晚点',
  '5路12号车',
  '3号楼电梯故障',
  '荷韵花园3号楼电梯停运',
  '3号楼6层',
  '共33层',
  '影响120户居民',
  '301会议室',
  '3室2厅',
  '第三网格',
  '一格一员',
  '二〇二六年三月十八日',
  'Ward 3  0306',
  'Graffiti: Ward 20  2012  Other',
  '101001624960',
  '2020002530',
  'LAMP #N0057015',
  'duplicate of #1628864',
  '3 Broken Street Lights',
  '63rd St & Main St',
  'Centre St. @ Farquhar St./sent',
  'INTERSECTION of Beacon St & Park Dr  Boston  MA',
  'MA  02136',
  '39.014495, -94.527365',
  '116.587321,35.414238',
  'PM2.5 75微克',
  'V1.2.3',
  'COVID-19',
  '居民楼道灯不亮',
  '居民反映',
  '居民多次反映',
  '居民于昨日反映',
  '居民曾反映',
  '居民区车辆乱停',
  '居民向社区反映',
  '居民单元门损坏',
  '居民房屋漏水',
  '居民安全隐患',
  '居民和商户争执',
  '业主委员会',
  '业主与物业纠纷',
  '联系人电话',
  '老人摔倒',
  '司机',
  '司机师傅',
  '网格员巡查',
  '网格员上报',
  '村民委员会',
  '店主占道经营',
  '家属院停水',
  '市民广场路灯不亮',
  '群众满意度',
  '王先生来电',
  '欧阳女士',
  '一名女士',
  '高中老师',
  '12 street lights out',
  'Annual report',
  '居民王*反映',
  '****',
  '',
  ' ',
  '\u200b',
  '共享单车乱停放，影响通行',
];

describe('masking of free text', () => {
  it('is held by more than 120 cases, 40 of them readable', () => {
    expect(numbers.length + addresses.length + names.length + readable.length).toBeGreaterThan(120);
    expect(readable.length).toBeGreaterThan(40);
  });

  it.each(numbers)('hides a number: %s', (_, input, output) => {
    expect(masker.text(input)).toBe(output);
  });

  it.each(addresses)('hides an address or a plate: %s', (_, input, output) => {
    expect(masker.text(input)).toBe(output);
  });

  it.each(names)('hides a name: %s', (_, input, output) => {
    expect(masker.text(input)).toBe(output);
  });

  it.each(readable)('leaves readable: %s', (input) => {
    expect(masker.text(input)).toBe(input);
  });

  it('leaves the rest byte for byte', () => {
    const before = '\ufeff Ｆｕｌｌ　ｗｉｄｔｈ\u200b — “引” e\u0301 🚲 \ud800 ';
    expect(masker.text(`${before}13812345678${before}`)).toBe(`${before}***********${before}`);
  });

  it('shows a number only where the deployment lists it', () => {
    expect(createMasker({ readableNumbers: [] }).text('0537-2651234')).toBe('****-*******');
    expect(createMasker({ readableNumbers: ['13812345678'] }).text('138-1234-5678')).toBe('138-1234-5678');
  });
});

describe('masking of known people', () => {
  const cases: readonly (readonly [string, KnownPeople, string, string])[] = [
    ['anywhere', { reporterName: '王小明' }, '楼下王小明家漏水', '楼下王*家漏水'],
    ['with blanks', { reporterName: '王小明' }, '王 小　明来电', '王*来电'],
    ['with a zero-width blank', { reporterName: '王小明' }, '王\u200b小明', '王\u200b*'],
    ['stored with blanks', { reporterName: ' 王　小明 ' }, '王小明', '王*'],
    ['stored with a title', { reporterName: '王小明先生' }, '王小明家', '王*家'],
    ['every time', { reporterName: '王小明' }, '王小明王小明', '王*王*'],
    ['compound', { reporterName: '欧阳修' }, '欧阳修', '欧阳*'],
    ['no surname of the table', { reporterName: '买买提' }, '请找买买提', '请找买*'],
    ['several people, the longer first', { otherNames: ['王小', '王小明'] }, '王小明和王小', '王*和王*'],
    ['Latin', { reporterName: 'Ann Lee' }, 'met ANN LEE, Lee, Ann and ann  lee', 'met A* L*, L* A* and a*  l*'],
    ['Latin within a word stays', { reporterName: 'Ann' }, 'Annual plan of Joann', 'Annual plan of Joann'],
    [
      'a post stays',
      { reporterName: '匿名', otherNames: ['系统', '值班员'] },
      '匿名由系统派给值班员',
      '匿名由系统派给值班员',
    ],
    ['a staff number stays', { reporterName: 'G-0123' }, 'G-0123上报', 'G-0123上报'],
    ['one character stays', { reporterName: '王' }, '王府井', '王府井'],
    ['nothing known', {}, '王小明', '王小明'],
  ];
  it.each(cases)('%s', (_, known, input, output) => {
    expect(masker.text(input, known)).toBe(output);
  });
});

describe('masking of a field of people', () => {
  it.each([
    ['赵强', '赵*'],
    ['欧阳锋', '欧阳*'],
    ['诸葛小明', '诸葛*'],
    ['王　小　明', '王*'],
    ['王小明、李四(物业)', '王*、李*(物业)'],
    ['值班员 王小明', '值班员 王*'],
    ['值班员王小明', '值班员王*'],
    ['G-0123 王小明', 'G-0123 王*'],
    ['王强 13812345678', '王* ***********'],
    ['买买提·艾力', '买*'],
    ['Ann Lee', 'A* L*'],
    ['ANN LEE', 'A* L*'],
    ['J. Smith', 'J* S*'],
    ["O'Brien", 'O*'],
    ['Ludwig van Beethoven', 'L* v* B*'],
    ['José Núñez', 'J* N*'],
  ])('%s → %s', (name, masked) => {
    expect(masker.personName(name)).toBe(masked);
    expect(masker.personName(masked)).toBe(masked);
  });

  it.each([
    '系统',
    '值班员',
    '安全员',
    '司机',
    '12345坐席',
    'G-0123',
    '城管局',
    '石桥镇',
    '任城管理处',
    'PWDx',
    'System',
    'Duty officer',
    '王',
    '',
    '赵*',
    'A* L*',
  ])('a post, an id or a masked name stays: %s', (name) => {
    expect(masker.personName(name)).toBe(name);
  });
});

/** The text as a reader sees it: half-width, no blanks, hyphens, dots or invisible characters, numerals as digits. */
function asRead(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[〇零]/g, '0')
    .replace(/[一幺]/g, '1')
    .replace(/[二三四五六七八九]/g, (numeral) => String('一二三四五六七八九'.indexOf(numeral) + 1))
    .replace(/[\s\u200b\u2060\ufeff·.-]/g, '')
    .toLowerCase();
}

function luhnCheck(payload: string): string {
  const sum = [...payload]
    .reverse()
    .map(Number)
    .reduce((total, digit, index) => total + (index % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return String((10 - (sum % 10)) % 10);
}

function identityCheck(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'.charAt(
    [...first17].reduce((sum, digit, index) => sum + Number(digit) * (weights[index] ?? 0), 0) % 11,
  );
}

const digitString = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((digits) => digits.join(''));
const pad = (value: number): string => String(value).padStart(2, '0');
const birthDate = fc
  .tuple(fc.integer({ min: 1930, max: 2020 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) => `${year}${pad(month)}${pad(day)}`);
const region = fc.constantFrom('110105', '370811', '440305', '650102', '810000');

const mobile = fc.tuple(fc.integer({ min: 13, max: 19 }), digitString(9)).map(([head, tail]) => `${head}${tail}`);
const landline = fc
  .tuple(fc.constantFrom('010', '021', '0537', '0531', '0898'), fc.integer({ min: 2, max: 8 }), digitString(6))
  .map(([area, head, tail]) => `${area}${head}${tail}${area.length === 3 ? '5' : ''}`);
const identityNumber = fc
  .tuple(region, birthDate, digitString(3))
  .map(([place, born, order]) => `${place}${born}${order}${identityCheck(`${place}${born}${order}`)}`);
const oldIdentityNumber = fc
  .tuple(region, birthDate, digitString(3))
  .map(([place, born, order]) => `${place}${born.slice(2)}${order}`);
const card = fc
  .tuple(fc.constantFrom('622202', '621700', '4', '51', '35'), fc.integer({ min: 13, max: 19 }), digitString(18))
  .map(([head, length, tail]) => `${head}${tail}`.slice(0, length - 1))
  .map((payload) => `${payload}${luhnCheck(payload)}`);
const personalNumber = fc.oneof(mobile, landline, identityNumber, oldIdentityNumber, card);

/** How a digit may be written, and what may stand between two; chosen by one number a place. */
function disguise(text: string, choices: readonly number[], separators: readonly string[]): string {
  return [...text]
    .map((character, index) => {
      const choice = choices[index % choices.length] ?? 0;
      const separator = index === text.length - 1 ? '' : (separators[choice % separators.length] ?? '');
      const kind = Math.floor(choice / separators.length) % 4;
      const code = character.charCodeAt(0);
      if (/[0-9]/.test(character) && kind === 1) return ('零一二三四五六七八九'[Number(character)] ?? '') + separator;
      if (code > 0x20 && code < 0x7f && kind === 2) return String.fromCharCode(code + 0xfee0) + separator;
      return character + separator;
    })
    .join('');
}

const choices = fc.array(fc.nat({ max: 200 }), { minLength: 5, maxLength: 23 });
const numberSeparators = ['', '', '', ' ', '-', '.', '\u200b', '　', '\u00a0', '－', ' - '];
/** Words between which a secret is planted: no digits next to it, and no sign that could carry on an address. */
const noise = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '楼道灯不亮',
        '居民反映',
        '共享单车乱停',
        'potholes',
        'Street Light',
        '电话',
        '，',
        '。',
        '路灯',
        'GD-260318-0157',
        '120户',
        '2026-03-18',
        '12345',
      ),
      fc.string({
        unit: fc.constantFrom('的', '了', '在', '楼', '水', '路', 'a', 'B', 'z', '，', '！', ' '),
        maxLength: 8,
      }),
    ),
    { maxLength: 6 },
  )
  .map((words) => words.join('，'));

describe('masking, as properties', () => {
  it('leaves nothing of a planted number, however it is written', () => {
    fc.assert(
      fc.property(noise, personalNumber, choices, noise, (before, number, how, after) => {
        const planted = `${before}：${disguise(number, how, numberSeparators)}；${after}`;
        const masked = masker.text(planted);
        const read = asRead(
          masked.slice(masked.indexOf('：', before.length), masked.lastIndexOf('；', masked.length - after.length)),
        );
        const wanted = number.toLowerCase();
        for (let start = 0; start + 7 <= wanted.length; start += 1)
          expect(read).not.toContain(wanted.slice(start, start + 7));
        expect(masked.startsWith(masker.text(before).slice(0, 3))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves no planted plate', () => {
    const plate = fc
      .tuple(
        fc.constantFrom(...'京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'),
        fc.constantFrom(...'ABCDEFGHJ'),
        fc.oneof(
          digitString(5),
          digitString(4).map((digits) => `A${digits}`),
          digitString(5).map((digits) => `D${digits}`),
          digitString(5).map((digits) => `${digits}F`),
          digitString(4).map((digits) => `${digits}警`),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(noise, plate, choices, noise, (before, secret, how, after) => {
        const planted = `${before}：${disguise(secret, how, ['', '', '', ' ', '-', '·', '\u200b'])}；${after}`;
        expect(asRead(masker.text(planted))).not.toContain(asRead(secret).slice(2));
      }),
      { numRuns: 1500 },
    );
  });

  it('leaves no planted e-mail address', () => {
    const email = fc
      .tuple(
        fc.string({ unit: fc.constantFrom(...'abcxyz0189_'), minLength: 3, maxLength: 12 }),
        fc.constantFrom('qq', '163', 'mail.example'),
        fc.constantFrom('com', 'cn', 'org'),
      )
      .map(([local, domain, ending]) => `${local}@${domain}.${ending}`);
    fc.assert(
      fc.property(noise, email, choices, noise, (before, secret, how, after) => {
        const planted = `${before}：${disguise(
          secret,
          how.map((choice) => choice - (Math.floor(choice / 3) % 4 === 1 ? 3 : 0)),
          ['', '', '\u200b'],
        )}；${after}`;
        expect(asRead(masker.text(planted))).not.toContain(asRead(secret));
      }),
      { numRuns: 1500 },
    );
  });

  const person = fc
    .tuple(
      fc.constantFrom('王', '李', '于', '高', '欧阳', '司马', '单', '车'),
      fc.constantFrom('芳', '伟', '秀英', '建国', '小龙'),
    )
    .map((parts) => parts.join(''));

  it('leaves no known person anywhere', () => {
    fc.assert(
      fc.property(noise, person, choices, noise, (before, name, how, after) => {
        const planted = `${before}${disguise(name, how, ['', '', ' ', '　', '\u200b', '\u00a0'])}${after}`;
        expect(asRead(masker.text(planted, { reporterName: name }))).not.toContain(name);
      }),
      { numRuns: 1500 },
    );
  });

  it('leaves no person after a cue or before a title', () => {
    const cue = fc.constantFrom(
      '居民',
      '业主',
      '联系人：',
      '举报人',
      '住户 ',
      '家属',
      '老人',
      '店主',
      '车主',
      '司机',
      '网格员',
    );
    fc.assert(
      fc.property(
        noise,
        cue,
        person,
        fc.constantFrom('反映', '，', '', '先生', '13812345678'),
        (before, word, name, next) => {
          expect(masker.text(`${before}，${word}${name}${next}`)).not.toContain(name);
        },
      ),
      { numRuns: 1500 },
    );
  });

  /** Fragments that carry the patterns, so that random sequences of them run into each other. */
  const hostile = fc
    .array(
      fc.oneof(
        personalNumber,
        person,
        digitString(3),
        fc.constantFrom(
          '居民',
          '先生',
          '鲁H',
          '12345',
          '号楼',
          '单元',
          '室',
          '路',
          '号',
          '@',
          'qq.com',
          'Mr ',
          'Dr ',
          'Ann',
          ' St',
          '-',
          ' ',
          '：',
          '电话',
          '、',
          '王',
          '*',
          '400-',
          '2026-03-18',
          'X',
          '+86',
          '（',
          '·',
          '\u200b',
          '一',
          '①',
          '𝟏',
          '\ud835',
          '户',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''));

  it('masking twice is masking once', () => {
    fc.assert(
      fc.property(hostile, fc.option(person, { nil: undefined }), (text, name) => {
        const known: KnownPeople = name === undefined ? {} : { reporterName: name, otherNames: ['Ann', '王小'] };
        const once = masker.text(text, known);
        expect(masker.text(once, known)).toBe(once);
        const field = masker.personName(text);
        expect(masker.personName(field)).toBe(field);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('masking of hostile lengths', () => {
  const count = 10_000;
  it.each([
    ['digits', '7'.repeat(count)],
    ['hyphens', '-'.repeat(count)],
    ['blanks', ' '.repeat(count)],
    ['at signs', '@'.repeat(count)],
    ['letters and at signs', 'a@'.repeat(count / 2)],
    ['letters and dots', 'a.'.repeat(count / 2)],
    ['cues', '居民'.repeat(count / 2)],
    ['titles', 'mr '.repeat(count / 3)],
    ['capitals', 'A '.repeat(count / 2)],
    ['capitalised words', `1 ${'Aaaa '.repeat(count / 5)}`],
    ['streets', '路 '.repeat(count / 2)],
    ['provinces', '鲁H'.repeat(count / 2)],
    ['zero-width blanks', '\u200b'.repeat(count)],
    ['dots within names', '王·'.repeat(count / 2)],
    ['lone surrogates', '\ud835'.repeat(count)],
  ])('%s', (_, text) => {
    expect(masker.text(text)).toBe(text);
    const planted = `${text}，13812345678，${text}`;
    expect(masker.text(planted, { reporterName: 'Zoë Quux', otherNames: ['王小明'] })).toBe(
      `${text}，***********，${text}`,
    );
  });

  it.each([
    ['digits with blanks', '1 3 '.repeat(count / 4)],
    ['dates', '2026-03-18 '.repeat(count / 10)],
    ['numbered houses', '路1号'.repeat(count / 3)],
    ['floors', '1单元'.repeat(count / 3)],
    ['people', '居民王明'.repeat(count / 4)],
    ['numerals', '一'.repeat(count)],
  ])('ends, and twice is once: %s', (_, text) => {
    const once = masker.text(text);
    expect(masker.text(once)).toBe(once);
  });
});
