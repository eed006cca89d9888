import './chips.css';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';

export interface Chip {
  readonly value: string;
  readonly label: string;
}

/** One of a few, as chips. `chipTestId` names each for tools, with its value as `data-code`. */
export function Chips(props: {
  label: string;
  labelId: string;
  chips: readonly Chip[];
  value: string | undefined;
  disabled?: boolean;
  invalid?: boolean;
  chipTestId?: string;
  onChoose: (value: string) => void;
}) {
  const { label, labelId, chips, value, disabled = false, invalid = false, chipTestId, onChoose } = props;
  return (
    <div className="chips">
      <span className="chipsLabel" id={labelId}>
        {label}
      </span>
      <RadioGroup
        className="chipsGroup"
        aria-labelledby={labelId}
        aria-invalid={invalid}
        value={value ?? ''}
        disabled={disabled}
        onValueChange={(chosen) => onChoose(String(chosen))}
      >
        {chips.map((one) => (
          <Radio.Root
            key={one.value}
            value={one.value}
            className="chipButton"
            data-testid={chipTestId}
            data-code={one.value}
          >
            {one.label}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}
