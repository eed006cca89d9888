/** Bodies of invented reports, the same row of them in every run: about 400 bytes of JSON, as a grid officer's. */
export function reportBodies(units: { readonly grids: readonly string[]; readonly categories: readonly string[] }) {
  const titles = [
    '自行车乱停乱放，影响通行',
    '路灯不亮，夜间通行不便',
    '雨后积水，行人绕行',
    '井盖松动有异响',
    '垃圾桶满溢待清运',
  ];
  const sources = ['grid', '12345', 'urban', 'traffic', 'government'];
  let next = 0;
  return (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
    next += 1;
    const pick = <T>(from: readonly T[], stride: number) => from[(next * stride) % from.length] as T;
    return {
      id: `bench-${process.pid}-${next}`,
      source: pick(sources, 1),
      category: pick(units.categories, 7),
      title: `荷韵花园南门外${pick(titles, 1)}`,
      description: '值班人员巡查时发现，已拍照留存，请承办部门尽快到场处理并回复结果。',
      location: { gridId: pick(units.grids, 13), lng: 116.587, lat: 35.414 },
      reporter: { id: `G-${String(next % 219).padStart(4, '0')}` },
      ...fields,
    };
  };
}
