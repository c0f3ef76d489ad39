import { Modal as AdminModal, TitleBar } from "@shopify/app-bridge-react";
import { Box, Modal } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useEmbedded } from "../access/use-person.ts";

interface Props {
  open: boolean;
  title: string;
  /** What is done when it is confirmed, as its button says it. */
  action: string;
  /** How not to do it. */
  keep: string;
  busy: boolean;
  onConfirm(): void;
  onClose(): void;
  children: ReactNode;
}

/** Asks before something that cannot simply be taken back, and says what it does. */
export function Confirm({ open, title, action, keep, busy, onConfirm, onClose, children }: Props) {
  if (useEmbedded()) {
    return (
      <AdminModal open={open} onHide={onClose}>
        <Box padding="400">{children}</Box>
        <TitleBar title={title}>
          <button
            type="button"
            variant="primary"
            tone="critical"
            disabled={busy}
            onClick={onConfirm}
          >
            {action}
          </button>
          <button type="button" onClick={onClose}>
            {keep}
          </button>
        </TitleBar>
      </AdminModal>
    );
  }
  return (
    <Modal
      open={open}
      title={title}
      onClose={onClose}
      primaryAction={{ content: action, destructive: true, loading: busy, onAction: onConfirm }}
      secondaryActions={[{ content: keep, onAction: onClose }]}
    >
      <Modal.Section>{children}</Modal.Section>
    </Modal>
  );
}
