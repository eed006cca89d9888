import './errorBoundary.css';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { HourglassMark } from '../panels/marks/AlertMark.tsx';

/** A panel that failed is shown as 断开 and tried again after this long; the others carry on. */
const RETRY_MS = 5000;

function PanelDown() {
  const { t } = useTranslation();
  return (
    <section className="panel panelDown" role="alert">
      <span className="panelDownTitle">
        <HourglassMark />
        {t('state.panelDown')}
      </span>
      <span>{t('state.panelReloading')}</span>
    </section>
  );
}

/** Keeps a fault inside its panel. The fault itself goes to the console, whence the kiosk logs it. */
export class ErrorBoundary extends Component<
  {
    readonly children: ReactNode;
    /** Hears when the panel goes down, and when it is tried again. */
    readonly onDown?: (down: boolean) => void;
  },
  { readonly failed: boolean }
> {
  override state = { failed: false };
  private retry: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
    this.props.onDown?.(true);
    this.retry = setTimeout(() => {
      this.props.onDown?.(false);
      this.setState({ failed: false });
    }, RETRY_MS);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.retry);
  }

  override render(): ReactNode {
    return this.state.failed ? <PanelDown /> : this.props.children;
  }
}
