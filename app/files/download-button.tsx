import { Button } from "@shopify/polaris";
import { useState } from "react";
import { DOWNLOAD_BUTTON_WORDS } from "./part-texts.ts";

interface Props {
  url: string;
  /** What the file is called where it is kept. */
  name: string;
  children: string;
}

/**
 * Takes a file home. Asked for by script, because inside Shopify's admin only that carries the
 * merchant's session; a link would open it without.
 */
export function DownloadButton({ url, name, children }: Props) {
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const take = async () => {
    setState("busy");
    try {
      const response = await window.fetch(url);
      if (!response.ok) throw new Error(String(response.status));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  return (
    <Button loading={state === "busy"} onClick={take}>
      {state === "failed" ? DOWNLOAD_BUTTON_WORDS.itFailedTryAgain : children}
    </Button>
  );
}
