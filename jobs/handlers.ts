import type { Connector } from "../connectors/connector.ts";
import type { Pacer } from "../connectors/pacer.ts";
import type { Carts } from "../ledger/carts.ts";
import type { LedgerClient } from "../ledger/client.ts";
import type { Database } from "../prisma/client.ts";
import type { Keyring } from "../prisma/sealed.ts";
import type { JobName, JobPayload } from "./catalogue.ts";
import { batchRun } from "./handlers/batch-run.ts";
import { connectionFeed } from "./handlers/connection-feed.ts";
import { connectionHealth } from "./handlers/connection-health.ts";
import { eventsTrim } from "./handlers/events-trim.ts";
import { filePoll } from "./handlers/file-poll.ts";
import { holdsExpire } from "./handlers/holds-expire.ts";
import { inboxApply } from "./handlers/inbox-apply.ts";
import { inboxBatch } from "./handlers/inbox-batch.ts";
import { inboxSweep } from "./handlers/inbox-sweep.ts";
import { ledgerCheck } from "./handlers/ledger-check.ts";
import { listingsImport } from "./handlers/listings-import.ts";
import { listingsReplan } from "./handlers/listings-replan.ts";
import { notifyShop, notifySweep } from "./handlers/notify-sweep.ts";
import { ordersSweep } from "./handlers/orders-sweep.ts";
import { pushConnection } from "./handlers/push-connection.ts";
import { pushSweep } from "./handlers/push-sweep.ts";
import { readbackConnection } from "./handlers/readback-connection.ts";
import { returnsSweep } from "./handlers/returns-sweep.ts";
import { tasksSweep } from "./handlers/tasks-sweep.ts";
import { webhooksDeliver } from "./handlers/webhooks-deliver.ts";
import { webhooksSweep } from "./handlers/webhooks-sweep.ts";
import type { LaneDeps } from "./lane.ts";
import type { LivePublisher } from "./live.ts";
import type { Log } from "./log.ts";
import type { WorkerMetrics } from "./metrics.ts";
import type { NotifyWorld } from "./notify.ts";
import type { Queues } from "./queues.ts";
import type { OpenSession } from "./sessions.ts";
import type { StepJob } from "./task-steps.ts";
import type { Timers } from "./timers.ts";
import type { Handlers } from "./workers.ts";

/** What the worker's parts work with; each takes what it needs of it. */
export interface House {
  db: Database;
  ledger: LedgerClient;
  carts: Carts;
  queues: Queues;
  enqueue: Queues["enqueue"];
  live: LivePublisher;
  session: OpenSession;
  /** Opens what is sealed at rest. */
  keyring: Keyring;
  /** Webhooks may be sent to this machine itself: for tests and demos. */
  allowLoopback: boolean;
  connectorOf(channel: string): Connector | undefined;
  pacer: Pacer;
  /** Where marketplaces reach our doors; undefined: nobody is asked to send there. */
  publicUrl: string | undefined;
  /** Opens what is sealed at rest. */
  ring: Keyring;
  /** How a merchant's team is reached. */
  notify: NotifyWorld;
  timers: Timers;
  metrics: WorkerMetrics;
  now(): number;
  log: Log;
  /** Aborted when the process is to stop. */
  stopping: AbortController;
}

/** Each kind of work with its handler. */
export function handlersOf(house: House): Handlers {
  const lane: LaneDeps = {
    ...house,
    failures: new Map(),
    later: (name, connection, ms) => askLater(house, name, { connection }, ms),
    signal: house.stopping.signal,
  };
  const replan = {
    ...house,
    replanLater: (payload: JobPayload<"listings.replan">, ms: number) =>
      askLater(house, "listings.replan", payload, ms),
  };
  const handOver = (message: string) => house.enqueue("inbox.follow", { message });
  const heard = { ...house, pointing: { handOver } };
  const following = {
    ...house,
    asking: new Map(),
    again: (message: string, ms: number) => askLater(house, "inbox.follow", { message }, ms),
  };
  const steps = {
    ...house,
    later: (job: StepJob, connection: string, ms: number) =>
      askLater(house, job, { connection }, ms),
    runLater: (batch: string, ms: number) => askLater(house, "batch.run", { batch }, ms),
    signal: house.stopping.signal,
  };
  const health = {
    ...house,
    later: (connection: string, ms: number) =>
      askLater(house, "connection.health", { connection }, ms),
  };
  const webhooks = {
    ...house,
    later: (endpoint: string, ms: number) => askLater(house, "webhooks.deliver", { endpoint }, ms),
    signal: house.stopping.signal,
  };
  return {
    "inbox.apply": (payload) => inboxApply(heard, payload),
    "inbox.batch": (payload) => inboxBatch((message) => inboxApply(heard, { message }), payload),
    "inbox.follow": (payload) => inboxApply({ ...house, pointing: following }, payload),
    "push.connection": (payload) => pushConnection(lane, payload),
    "readback.connection": (payload) => readbackConnection(lane, payload),
    "file.poll": (payload) => filePoll(lane, payload),
    "push.sweep": () => pushSweep(house),
    "listings.replan": (payload) => listingsReplan(replan, payload),
    "connection.health": (payload) => connectionHealth(health, payload),
    "orders.sweep": (payload) => ordersSweep(house, payload),
    "listings.import": (payload) => listingsImport(steps, payload),
    "connection.feed": (payload) => connectionFeed(steps, payload),
    "batch.run": (payload) => batchRun(steps, payload),
    "tasks.sweep": () => tasksSweep(house),
    "returns.sweep": (payload) => returnsSweep(house, payload),
    "inbox.sweep": () => inboxSweep(house),
    "webhooks.deliver": (payload) => webhooksDeliver(webhooks, payload),
    "webhooks.sweep": () => webhooksSweep(house),
    "holds.expire": () => holdsExpire(house),
    "events.trim": () => eventsTrim(house),
    "notify.sweep": () => notifySweep(house),
    "notify.shop": (payload) => notifyShop(house, payload),
    "ledger.check": () => ledgerCheck(house),
  };
}

/** Enqueues in `ms`, from this process. What is lost with it is found by a sweep. */
function askLater<N extends JobName>(
  { timers, enqueue, log }: Pick<House, "timers" | "enqueue" | "log">,
  name: N,
  payload: JobPayload<N>,
  ms: number,
): void {
  timers.in(`${name} ${JSON.stringify(payload)}`, ms, () => {
    enqueue(name, payload).catch((error) => {
      log.warn({ job: name, error: String(error) }, "could not be asked for: a sweep will");
    });
  });
}
