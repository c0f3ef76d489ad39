import { useBeforeUnload, useBlocker } from "@remix-run/react";
import {
  createContext,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { useEmbedded } from "../access/use-person.ts";
import { LEAVING } from "../texts.ts";
import { Confirm } from "./confirm.tsx";
import { FormSaveBar } from "./form-save-bar.tsx";

/** A form of the page, as the bar and whoever leaves the page have to know it. */
export interface UnsavedForm {
  /** Something was changed and not saved. */
  dirty: boolean;
  saving: boolean;
  save(): void;
  discard(): void;
  /** What saving is called where it is only the next step: "Preview". */
  label?: string;
}

interface Entry {
  form: RefObject<UnsavedForm>;
  saving: boolean;
  label: string | undefined;
}

type Register = (id: string, entry: Entry) => () => void;

const UnsavedContext = createContext<Register>(() => () => {});

/** One bar for all forms of the page below, and a question before they are left unsaved. */
export function UnsavedForms({ children }: { children: ReactNode }) {
  const [entries, setEntries] = useState<ReadonlyMap<string, Entry>>(new Map());
  const register = useCallback<Register>((id, entry) => {
    setEntries((before) => new Map(before).set(id, entry));
    return () => {
      setEntries((before) => new Map([...before].filter(([other]) => other !== id)));
    };
  }, []);
  const all = [...entries.values()];
  const each = (act: (form: UnsavedForm) => void) => () => {
    for (const { form } of all) if (form.current) act(form.current);
  };
  const dirty = all.length > 0;
  return (
    <UnsavedContext.Provider value={register}>
      <FormSaveBar
        dirty={dirty}
        saving={all.some(({ saving }) => saving)}
        saveLabel={all.length === 1 ? all[0]?.label : undefined}
        onSave={each((form) => form.save())}
        onDiscard={each((form) => form.discard())}
      />
      <Leaving dirty={dirty} />
      {children}
    </UnsavedContext.Provider>
  );
}

/** Makes a form known while something in it is not saved. */
export function useUnsaved(form: UnsavedForm): void {
  const id = useId();
  const register = useContext(UnsavedContext);
  const latest = useRef(form);
  latest.current = form;
  const { dirty, saving, label } = form;
  useEffect(() => {
    if (dirty) return register(id, { form: latest, saving, label });
  }, [id, register, dirty, saving, label]);
}

/** Asks before a page is left with something unsaved; within the page nothing is lost. */
function Leaving({ dirty }: { dirty: boolean }) {
  const embedded = useEmbedded();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useBeforeUnload(
    useCallback(
      (event) => {
        if (dirty) event.preventDefault();
      },
      [dirty],
    ),
  );
  const { state, proceed } = blocker;
  useEffect(() => {
    // The admin asks itself, and answers when the merchant wants to leave.
    if (embedded && state === "blocked")
      void window.shopify.saveBar.leaveConfirmation().then(proceed);
  }, [embedded, state, proceed]);
  if (embedded) return null;
  return (
    <Confirm
      open={state === "blocked"}
      {...LEAVING}
      busy={false}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      {LEAVING.text}
    </Confirm>
  );
}
