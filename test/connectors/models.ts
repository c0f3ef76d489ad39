import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ROOT } from "../../scripts/services/paths.ts";

/** The marketplaces' own models lie beside the repository, not in it: they are not ours. */
const MODELS = join(ROOT, "..", "shared", "models");

/** A model as JSON, or null, said once aloud, where the models are absent. */
export function readModel(path: string): unknown {
  const file = join(MODELS, path);
  if (!existsSync(file)) {
    console.log(`the model ${path} is absent: only the parts that do not need it are checked`);
    return null;
  }
  const bytes = readFileSync(file);
  return JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}
