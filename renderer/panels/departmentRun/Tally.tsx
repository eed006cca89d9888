import { count } from '../../words/formats.ts';

/** A number in a table; a true zero is a dash (visual specification §9). */
export function Tally({ name, value }: { name: string; value: number }) {
  return (
    <span className="runNumber figure" data-figure={name} data-zero={value === 0}>
      {value === 0 ? '–' : count(value)}
    </span>
  );
}
