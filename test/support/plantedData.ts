/** One thing that must never be on a wall, as somebody might write it. All people and numbers are invented. */
export interface Planted {
  readonly what: string;
  readonly text: string;
  /** What would give it away, after `bare`. */
  readonly secrets: readonly string[];
}

/** A text without what hides a number in it: full-width forms, blanks, hyphens, dots, invisible characters. */
export function bare(text: string): string {
  return text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
}

const written = (what: string, text: string): Planted => ({ what, text, secrets: [bare(text)] });

/** Every kind of product point 9, plain and in the disguises that it names. */
export const PLANTED: readonly Planted[] = [
  written('a mobile number', '13812345678'),
  written('a mobile number, full-width', '１３９８７６５４３２１'),
  written('a mobile number in groups', '137 6543 2198'),
  written('a mobile number with hyphens', '136-5432-1987'),
  written('a mobile number with ideographic blanks', '135　4321　9876'),
  written('a mobile number with invisible characters', '134\u200b3219\u200d8765'),
  written('a mobile number in Chinese numerals', '一三三二一九八七六五四'),
  written('a landline number', '0537-2345678'),
  written('a landline number, full-width', '（０５３７）２３４５６７９'),
  written('an identity number', '370811199003071239'),
  written('an identity number, full-width Ｘ', '１１０１０５１９４９１２３１００２Ｘ'),
  written('an identity number in groups', '110105 19491231 0020'),
  written('a bank card number', '4111 1111 1111 1111'),
  written('a bank card number, full-width', '６２２２０２１２３４５６７８９０１２８'),
  { what: 'an e-mail address', text: 'zhang.wei.private@example.com', secrets: ['zhangweiprivate'] },
  { what: 'an e-mail address, full-width', text: 'ｌｉ．ｌｅｉ．ｈｏｍｅ＠ｑｑ．ｃｏｍ', secrets: ['lileihome'] },
  { what: 'a number plate', text: '鲁H7K392', secrets: ['7K392'] },
  { what: 'a number plate, full-width and spaced', text: '鲁 Ｈ 8 Ｍ 4 0 5', secrets: ['8M405'] },
  { what: 'a house number', text: '车站西路17号院3号楼2单元1906室', secrets: ['17号', '1906室', '3号楼'] },
  { what: 'a house number, full-width', text: '建设路２８６号', secrets: ['286号'] },
  { what: 'a name after 居民', text: '居民张晓薇反映', secrets: ['张晓薇', '晓薇'] },
  { what: 'a name after 联系人', text: '联系人：司马 如风', secrets: ['司马如风', '如风'] },
];

/** The reporter's own name, hidden wherever it occurs in the texts of the ticket, and the names of those who worked on it. */
export const REPORTER = { name: '欧阳修远', phone: '13212345670', id: 'STAFF-70981' } as const;
export const REPORTER_SECRETS = ['修远', '13212345670'] as const;
export const ACTOR = '钱丰收';
export const ACTOR_SECRETS = ['丰收'] as const;

/** What of all this can be found in a text. */
export function givenAway(text: string, secrets: Iterable<string>): string[] {
  const haystack = bare(text);
  return [...secrets].filter((secret) => haystack.includes(bare(secret)));
}

export const ALL_SECRETS: ReadonlySet<string> = new Set([
  ...PLANTED.flatMap(({ secrets }) => secrets),
  ...REPORTER_SECRETS,
  ...ACTOR_SECRETS,
]);

/** A ticket with one of them in each of its texts. `id` names it, as ids stay readable. */
export function ticketWith({ text }: Planted, id: string): Record<string, unknown> {
  const titled = `${REPORTER.name}来电 ${text} 请处理`;
  return {
    id,
    source: `热线 ${text}`,
    category: `其他 ${text}`,
    title: titled,
    description: `详情 ${text}，${REPORTER.name}`,
    location: { address: `${text} 附近，找${REPORTER.name}` },
    department: `协调 ${text}`,
    assistDepartments: [`协办 ${text}`],
    reporter: { ...REPORTER },
  };
}

export function stepWith({ text }: Planted, step: string): Record<string, unknown> {
  return { step, by: ACTOR, department: `承办 ${text}`, note: `回访 ${text}，${REPORTER.name}` };
}
