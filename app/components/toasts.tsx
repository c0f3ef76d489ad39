import { Toast } from "@shopify/polaris";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";

type Tell = (text: string) => void;

const ToastContext = createContext<Tell>(() => {});

const TOLD_MS = 5_000;

interface Props {
  embedded: boolean;
  children: ReactNode;
}

/** Lets the pages below say in passing what was done: in Shopify's admin by its own toasts. */
export function Toasts({ embedded, children }: Props) {
  const [told, setTold] = useState<string[]>([]);
  const tell = useCallback<Tell>(
    (text) => {
      if (embedded) window.shopify.toast.show(text, { duration: TOLD_MS });
      else setTold((before) => [...before.filter((other) => other !== text), text]);
    },
    [embedded],
  );
  return (
    <ToastContext.Provider value={tell}>
      {children}
      {told.map((text) => (
        <Toast
          key={text}
          content={text}
          duration={TOLD_MS}
          onDismiss={() => setTold((before) => before.filter((other) => other !== text))}
        />
      ))}
    </ToastContext.Provider>
  );
}

/**
 * Says in passing what became of something, once for each result. What somebody has to read or
 * act on stays on the page instead.
 * @param textOf the sentence; null when this result is not for passing by.
 */
export function useResultToast<Result>(
  result: Result | undefined,
  textOf: (result: Result) => string | null,
): void {
  const tell = useContext(ToastContext);
  const last = useRef<Result>();
  useEffect(() => {
    if (result === undefined || last.current === result) return;
    last.current = result;
    const text = textOf(result);
    if (text !== null) tell(text);
  }, [result, textOf, tell]);
}
