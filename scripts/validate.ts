/** Format, lint, types, tests; says for each failure which command mends or repeats it. */
import { spawnSync } from "node:child_process";
import { ROOT } from "./services/paths.ts";

const STEPS = [
  { name: "format and lint", run: ["biome", "check", "."], mend: "npm run format" },
  { name: "types", run: ["tsc", "--noEmit"], mend: "npm run typecheck" },
  { name: "tests", run: ["node", "scripts/test.ts"], mend: "npm test" },
] as const;

const failed = STEPS.filter(({ name, run: [program, ...args] }) => {
  console.log(`\n== ${name}`);
  return spawnSync(program, args, { cwd: ROOT, stdio: "inherit" }).status !== 0;
});
for (const { name, mend } of failed) console.log(`${name}: failed; see "${mend}"`);
console.log(failed.length === 0 ? "\nvalid" : "\nnot valid");
process.exit(failed.length === 0 ? 0 : 1);
