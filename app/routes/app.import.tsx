import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Layout, Page } from "@shopify/polaris";
import { useState } from "react";
import type { BatchKind } from "../../inventory/batch.ts";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { ColumnsCard } from "../files/columns-card.tsx";
import { FilesCard } from "../files/files-card.tsx";
import { asBatchKind, mayImport } from "../files/import-kind.ts";
import { UploadCard } from "../files/upload-card.tsx";
import { IMPORT_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Import and export · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { person } = await requireMerchant(request, context, "data.import");
  const kinds = Object.values(FORMATS).map(({ kind }) => kind);
  const asked = asBatchKind(new URL(request.url).searchParams.get("kind"));
  return { kinds: kinds.filter((kind) => mayImport(person.can, kind)), asked };
}

export default function Import() {
  const { kinds, asked } = useLoaderData<typeof loader>();
  const start = asked && kinds.includes(asked) ? asked : (kinds[0] ?? "items");
  const [kind, setKind] = useState<BatchKind>(start);
  return (
    <Page
      title={IMPORT_WORDS.importAndExport}
      subtitle={IMPORT_WORDS.bringFilesInAnd}
      secondaryActions={[{ content: "Earlier imports", url: "/app/batches" }]}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <UploadCard kinds={kinds} kind={kind} onKind={setKind} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <FilesCard />
        </Layout.Section>
        <Layout.Section>
          <ColumnsCard kind={kind} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
