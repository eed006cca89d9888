import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Finding, MOST_FINDINGS } from '../../domain/findings.ts';
import { decodeFindingsAnswer, type FindingsAnswer } from '../../protocol/briefAnswer.ts';
import { type Api, readNothing } from '../desk/api.ts';
import { readUser } from '../desk/session/user.ts';
import { reading, type SheetData } from './load.ts';
import { sentenceOf } from './proposals.ts';

const MOST_SUBJECT = 40;
const MOST_TEXT = 120;
const EMPTY: Finding = { subject: '', text: '' };

function isWhole({ subject, text }: Finding): boolean {
  return subject.trim() !== '' && text.trim() !== '' && /\d/.test(subject + text);
}

/** 本月研判: whoever briefs writes up to three sentences, or takes what the figures suggest, and confirms them for the walls. */
export function FindingsEditor(props: { api: Api; data: SheetData; month: string; onConfirmed: () => void }) {
  const { api, data, month, onConfirmed } = props;
  const { t, i18n } = useTranslation();
  const [known, setKnown] = useState<FindingsAnswer>();
  const [drafts, setDrafts] = useState<readonly Finding[]>([]);
  const [mayConfirm, setMayConfirm] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let wanted = true;
    void api.get('/session', readUser).then((user) => {
      if (wanted && user.ok) setMayConfirm(user.value.role !== 'viewer');
    });
    void api.get(`/brief/${month}/findings`, reading(decodeFindingsAnswer)).then((answer) => {
      if (!wanted || !answer.ok) return;
      setKnown(answer.value);
      setDrafts(answer.value.sentences);
    });
    return () => {
      wanted = false;
    };
  }, [api, month]);
  if (known === undefined || !mayConfirm) return null;

  const change = (index: number, part: Partial<Finding>) =>
    setDrafts(drafts.map((draft, i) => (i === index ? { ...draft, ...part } : draft)));
  const add = (draft: Finding) => setDrafts([...drafts, draft].slice(0, MOST_FINDINGS));
  const isFull = drafts.length >= MOST_FINDINGS;
  const confirm = async () => {
    const answer = await api.send('PUT', `/brief/${month}/findings`, { sentences: drafts }, readNothing);
    setFailed(!answer.ok);
    if (answer.ok) onConfirmed();
  };
  const context = { t, language: i18n.language, district: data.district, ...data.answer };
  return (
    <section data-testid="findings-editor">
      <h2>{t('sheet.findings')}</h2>
      <p>{t('sheet.findingsHint', { n: MOST_FINDINGS })}</p>
      <ul className="proposalList" data-testid="proposals">
        {known.proposals.map((proposal) => {
          const sentence = sentenceOf(proposal, context);
          return (
            <li key={proposal.code}>
              <button type="button" disabled={isFull} onClick={() => add(sentence)}>
                {t('sheet.take')}
              </button>
              <span>
                <strong>{sentence.subject}</strong> {sentence.text}
              </span>
            </li>
          );
        })}
      </ul>
      {drafts.map((draft, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is its place in the list
        <p key={i} className="findingFields">
          <input
            aria-label={t('sheet.subject', { n: i + 1 })}
            value={draft.subject}
            maxLength={MOST_SUBJECT}
            onChange={({ target }) => change(i, { subject: target.value })}
          />
          <input
            aria-label={t('sheet.sentence', { n: i + 1 })}
            value={draft.text}
            maxLength={MOST_TEXT}
            onChange={({ target }) => change(i, { text: target.value })}
          />
          <button type="button" onClick={() => setDrafts(drafts.filter((_, other) => other !== i))}>
            {t('sheet.remove')}
          </button>
        </p>
      ))}
      <p className="sheetActions">
        <button type="button" disabled={isFull} onClick={() => add(EMPTY)}>
          {t('sheet.write')}
        </button>
        <button
          type="button"
          className="primary"
          data-testid="confirm-findings"
          disabled={!drafts.every(isWhole)}
          onClick={() => void confirm()}
        >
          {t('sheet.confirm')}
        </button>
        {!drafts.every(isWhole) && <span>{t('sheet.needsNumber')}</span>}
        {failed && <span role="alert">{t('sheet.notConfirmed')}</span>}
      </p>
    </section>
  );
}
