/** Runs every test and ends with one line that says how many passed and failed. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./services/paths.ts";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
}

const folder = mkdtempSync(join(tmpdir(), "ballast-test-"));
const report = join(folder, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const vitest = spawn("vitest", ["run", ...reporters, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ["ignore", "inherit", "inherit"],
});
const code = await new Promise<number>((done) => vitest.once("exit", (exit) => done(exit ?? 1)));

let outcome: Report | undefined;
try {
  outcome = JSON.parse(readFileSync(report, "utf8"));
} catch {
  // Vitest ended before it could report; it has said why above.
}
rmSync(folder, { recursive: true, force: true });
const passed = outcome?.numPassedTests ?? 0;
const failedTests = outcome?.numFailedTests ?? 0;
// A file that could not even be loaded has no failed test, and must not pass for that.
const failed = code === 0 ? failedTests : Math.max(1, failedTests);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
