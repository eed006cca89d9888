import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { Chips } from '../controls/Chips.tsx';

/** 处置意见: one of the deployment's. */
export function DispositionChips(props: {
  value: string | undefined;
  disabled: boolean;
  invalid: boolean;
  onChoose: (disposition: string) => void;
}) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const dispositions = useBoardPart((snapshot) => snapshot.deployment.dispositions);
  return (
    <Chips
      label={t('alert.disposition')}
      labelId={useId()}
      chips={dispositions.map(({ id, name }) => ({ value: id, label: nameOf(name) }))}
      chipTestId="disposition"
      {...props}
    />
  );
}
