import { FORMATS } from "../../jobs/imports/formats.ts";
import type { DownloadRoute } from "./downloads.ts";
import { asBatchKind } from "./import-kind.ts";

/** An empty file of each kind with one row that shows how it is filled in. */
export const templateFile: DownloadRoute = {
  path: "/app/import/template/:kind.csv",
  permission: "data.import",
  async find(_services, _shop, _address, names) {
    const kind = asBatchKind(names.kind);
    if (!kind) return null;
    const { columns } = FORMATS[kind];
    const lines = [columns.map(({ title }) => title), columns.map(({ example }) => example)];
    return { name: `ballast-${kind}-template.csv`, lines };
  },
};
