import './suggestions.css';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { type Ref, useId } from 'react';

/** A line of free text with a list of what is usually meant. */
export function Suggestions(props: {
  label: string;
  value: string;
  suggestions: readonly string[];
  placeholder: string;
  disabled?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  onChange: (value: string) => void;
}) {
  const { label, value, suggestions, placeholder, disabled = false, inputRef, onChange } = props;
  const id = useId();
  return (
    <Autocomplete.Root
      items={suggestions}
      value={value}
      onValueChange={(next, { reason }) => {
        // Escape leaves the line; what was written stays
        if (reason !== 'escape-key') onChange(next);
      }}
      openOnInputClick
      disabled={disabled}
    >
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <Autocomplete.Input id={id} ref={inputRef} placeholder={placeholder} maxLength={200} />
      </div>
      <Autocomplete.Portal>
        <Autocomplete.Positioner className="suggestionsPositioner" sideOffset={4}>
          <Autocomplete.Popup className="suggestionsPopup">
            <Autocomplete.List className="suggestionsList">
              {(item: string) => (
                <Autocomplete.Item key={item} value={item} className="suggestion">
                  {item}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
