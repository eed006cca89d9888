import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createApi, type Refusal } from '../desk/api.ts';
import { BriefSheet } from './BriefSheet.tsx';
import { FindingsEditor } from './FindingsEditor.tsx';
import { loadSheet, type SheetData } from './load.ts';
import { TicketsBehind } from './TicketsBehind.tsx';

const api = createApi({ fetch: (input, init) => fetch(input, init), onUnauthorized: () => {} });

function Note({ refusal }: { refusal: Refusal }) {
  const { t } = useTranslation();
  switch (refusal.reason) {
    case 'unauthorized':
      return (
        <p className="sheetNote" role="alert">
          {t('sheet.signIn')} <a href="/desk">{t('sheet.desk')}</a>
        </p>
      );
    case 'unreachable':
    case 'unreadable':
      return (
        <p className="sheetNote" role="alert">
          {t('sheet.unreachable')}
        </p>
      );
    case 'refused':
      return (
        <p className="sheetNote" role="alert">
          {t('sheet.refused', { fields: (refusal.errors ?? []).map(({ path }) => path).join(', ') })}
        </p>
      );
  }
}

/** The page: the sheet, and beside it what is never printed. */
export function BriefPage() {
  const { t } = useTranslation();
  const [data, setData] = useState<SheetData>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn loads the same page anew
  useEffect(() => {
    let wanted = true;
    void loadSheet(api, location.search).then((loaded) => {
      if (!wanted) return;
      if (loaded.ok) setData(loaded.data);
      else setRefusal(loaded.refusal);
    });
    return () => {
      wanted = false;
    };
  }, [turn]);
  if (refusal !== undefined) return <Note refusal={refusal} />;
  if (data === undefined) return null;
  return (
    <main>
      <BriefSheet data={data} />
      <div className="sheetTools">
        <p className="sheetActions">
          <button type="button" className="primary" onClick={() => print()}>
            {t('sheet.print')}
          </button>
          {t('sheet.hint')}
        </p>
        <TicketsBehind api={api} data={data} />
        {data.answer.month !== null && (
          <FindingsEditor api={api} data={data} month={data.answer.month} onConfirmed={() => setTurn(turn + 1)} />
        )}
      </div>
    </main>
  );
}
