import { setupChanges } from "../../jobs/rule-preview.ts";
import { setupOf } from "../buffers/buffers.server.ts";
import { askedEdit, type RuleAsk } from "../buffers/rule-edit.server.ts";
import { ruleFieldsOf } from "../buffers/rule-fields.ts";
import { changeLines } from "./change-lines.ts";
import type { DownloadRoute } from "./downloads.ts";

/** Every listing that a rule would change, from and to (row B1). */
export const ruleChangesFile: DownloadRoute = {
  path: "/app/buffers/changes.csv",
  permission: "buffers.see",
  async find(services, { id: shop }, address) {
    const asked = await askedEdit(services.db, shop, askOf(address.searchParams));
    if (asked.outcome !== "asked") return null;
    const { edit } = asked;
    const setup = await setupOf({ services }, shop, edit);
    const name = "listings-that-change.csv";
    return { name, lines: changeLines(setupChanges(services.db, shop, setup, edit.scope)) };
  },
};

function askOf(search: URLSearchParams): RuleAsk {
  if (search.get("of") === "remove") return { of: "remove", rule: search.get("rule") ?? "" };
  return { of: "save", fields: ruleFieldsOf(search) };
}
