import { useNavigate } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Card,
  DropZone,
  InlineStack,
  Select,
  Spinner,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { BatchKind } from "../../inventory/batch.ts";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { DownloadButton } from "./download-button.tsx";
import { UPLOAD_CARD_WORDS } from "./part-texts.ts";

interface Props {
  kinds: readonly BatchKind[];
  kind: BatchKind;
  onKind(kind: BatchKind): void;
}

type Upload =
  | { state: "none" }
  | { state: "busy"; name: string }
  | { state: "failed"; why: string };

/** Takes a file. Its columns are asked for on the next page. */
export function UploadCard({ kinds, kind, onKind }: Props) {
  const [upload, setUpload] = useState<Upload>({ state: "none" });
  const navigate = useNavigate();
  const busy = upload.state === "busy";
  const send = async (file: File | undefined) => {
    if (!file) return;
    setUpload({ state: "busy", name: file.name });
    const sent = await sendFile(kind, file);
    if ("batch" in sent) navigate(`/app/batches/${sent.batch}`);
    else setUpload({ state: "failed", why: sent.why });
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Import a file
        </Text>
        <Select
          label={UPLOAD_CARD_WORDS.whatIsInIt}
          options={kinds.map((value) => ({ value, label: FORMATS[value].title }))}
          value={kind}
          disabled={busy}
          onChange={(value) => onKind(value as BatchKind)}
        />
        <Text as="p" tone="subdued">
          {FORMATS[kind].help}
        </Text>
        <div role="status" className="outcome">
          {busy ? (
            <InlineStack gap="200" blockAlign="center">
              <Spinner size="small" accessibilityLabel="Uploading" />
              <Text as="p">{`Uploading ${upload.name}`}</Text>
            </InlineStack>
          ) : null}
          {upload.state === "failed" ? <Banner tone="critical">{upload.why}</Banner> : null}
        </div>
        <DropZone
          label="CSV file"
          allowMultiple={false}
          disabled={busy}
          accept=".csv,.txt,.tsv,.gz,text/csv"
          type="file"
          onDropAccepted={([file]) => void send(file)}
          onDropRejected={() => setUpload({ state: "failed", why: "Choose a CSV file." })}
        >
          <DropZone.FileUpload
            actionTitle="Choose a file"
            actionHint={UPLOAD_CARD_WORDS.orDropItHere}
          />
        </DropZone>
        <InlineStack>
          <DownloadButton
            url={`/app/import/template/${kind}.csv`}
            name={`ballast-${kind}-template.csv`}
          >
            Download a template
          </DownloadButton>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

/** Sends the file as it is: the server reads it while it comes. */
async function sendFile(kind: BatchKind, file: File): Promise<{ batch: string } | { why: string }> {
  try {
    const address = `/app/import/upload?${new URLSearchParams({ kind, name: file.name })}`;
    const response = await window.fetch(address, { method: "POST", body: file });
    const json = response.headers.get("Content-Type")?.includes("json");
    if (json) return await response.json();
    return { why: `The file was not taken (${response.status}). Load the page again and retry.` };
  } catch {
    return { why: "The connection was lost. Nothing was changed: choose the file again." };
  }
}
