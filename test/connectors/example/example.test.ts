import { describe } from "vitest";
import { runSandbox } from "../../../connectors/sandbox/engine.ts";
import { batteryFor } from "../battery.ts";
import { openBench } from "../harness.ts";
import { cornerShop } from "./connector.ts";
import { cornerShopSandbox } from "./sandbox.ts";

/** A sixth marketplace is one folder: the same battery runs for it, and nothing else knows it. */
describe("F: a sixth connector keeps the same contract", () => {
  batteryFor(() => openBench(cornerShop, (env) => runSandbox(cornerShopSandbox, env)));
});
