import { useEffect, useState } from 'react';
import type { Reader, Result } from './api.ts';
import { useDesk } from './deskContext.ts';

/**
 * What the server answers to a question, asked again whenever `path` or `version` changes. Undefined while nothing about
 * this path has been heard, and where there is no question; an answer about another path is never shown.
 */
export function useAnswer<T>(
  path: string | undefined,
  read: Reader<T>,
  version: string | number,
): Result<T> | undefined {
  const { api } = useDesk();
  const [heard, setHeard] = useState<{ readonly about: string; readonly of: string; readonly result: Result<T> }>();
  const question = path === undefined ? undefined : `${path} ${version}`;
  useEffect(() => {
    if (path === undefined || question === undefined) return;
    let wanted = true;
    void api.get(path, read).then((result) => {
      if (wanted) setHeard({ about: path, of: question, result });
    });
    return () => {
      wanted = false;
    };
  }, [api, path, question, read]);
  return heard !== undefined && heard.about === path ? heard.result : undefined;
}
