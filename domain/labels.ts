import type { Deployment } from './deployment.ts';
import type { Masker } from './masking.ts';

/** Ids of categories, departments, sources and grids: written by the deployment itself, not by strangers. */
export function listedLabels(
  deployment: Pick<Deployment, 'categories' | 'departments' | 'sources' | 'grids'>,
): ReadonlySet<string> {
  const { categories, departments, sources, grids } = deployment;
  return new Set([...categories, ...departments, ...sources, ...grids].map(({ id }) => id));
}

/** The same function, asked once per value: of many tickets few labels differ, and masking takes long. */
export function remembering(mask: (label: string) => string): (label: string) => string {
  const known = new Map<string, string>();
  return (label) => {
    let shown = known.get(label);
    if (shown === undefined) {
      shown = mask(label);
      known.set(label, shown);
    }
    return shown;
  };
}

/** Labels for whoever reads no personal originals: listed ones as they are, whatever strangers sent masked. */
export function createLabelMasking(listed: ReadonlySet<string>, masker: Masker): (label: string) => string {
  return (label) => (listed.has(label) ? label : masker.text(label));
}
