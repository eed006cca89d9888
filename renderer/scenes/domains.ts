import type { Layout, Scene } from '../../domain/scene.ts';
import { DOMAINS, type Domain } from '../../domain/ticket.ts';

function about(domain: Domain, { screens }: Layout): Layout {
  return {
    screens: screens.map((grid) => ({
      ...grid,
      slots: grid.slots.map((slot) => ({ ...slot, options: { ...slot.options, domain } })),
    })),
  };
}

/** One scene, once for each domain: every slot is told which one it is about. */
export function perDomain(scene: Scene): readonly Scene[] {
  const { std, wide3, ultra } = scene.layouts;
  return DOMAINS.map((domain) => ({
    ...scene,
    id: `${scene.id}-${domain}`,
    domain,
    layouts: {
      std: about(domain, std),
      ...(wide3 === undefined ? {} : { wide3: about(domain, wide3) }),
      ...(ultra === undefined ? {} : { ultra: about(domain, ultra) }),
    },
  }));
}
