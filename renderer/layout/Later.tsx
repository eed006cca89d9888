import { type ReactNode, useEffect, useState } from 'react';

/** Draws its children `ms` after it has stood there itself. */
export function Later({ ms, children }: { ms: number; children: ReactNode }) {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isDue && children;
}
