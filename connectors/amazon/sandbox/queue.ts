import { createHash } from "node:crypto";
import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import type { Outgoing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { AMAZON_SANDBOX } from "./account.ts";
import { tellEchoes } from "./echoes.ts";
import type { AmazonMoment } from "./state.ts";

const VISIBILITY_S = 30;

const receiveSchema = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  WaitTimeSeconds: z.number().int().min(0).max(20).default(0),
  VisibilityTimeout: z.number().int().min(0).default(VISIBILITY_S),
});

const visibilitySchema = z.object({
  QueueUrl: z.string(),
  ReceiptHandle: z.string(),
  VisibilityTimeout: z.number().int().min(0).max(43_200),
});

const deleteSchema = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() });

/** The seller's queue: SQS in its JSON protocol, standard (at least once, in no order). */
export function queueHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.post("https://sqs.us-east-1.amazonaws.com/*", async ({ request }) => {
      const target = request.headers.get("x-amz-target")?.split(".")[1];
      const body: unknown = await request.json().catch(() => null);
      if (moment().state.market.faults.outage) return sqsError(503, "ServiceUnavailable");
      if (!signedBySeller(request)) return sqsError(403, "AccessDeniedException");
      if (target === "ReceiveMessage") return receive(moment, body);
      if (target === "DeleteMessage") return remove(moment(), body);
      if (target === "ChangeMessageVisibility") return hide(moment(), body);
      return sqsError(400, "UnsupportedOperation");
    }),
  ];
}

function signedBySeller(request: Request): boolean {
  const authorization = request.headers.get("authorization") ?? "";
  return authorization.includes(`Credential=${AMAZON_SANDBOX.app.awsAccessKeyId}/`);
}

function sqsError(status: number, code: string) {
  return HttpResponse.json(
    { __type: `com.amazonaws.sqs#${code}`, message: code },
    { status, headers: { "content-type": "application/x-amz-json-1.0" } },
  );
}

async function receive(moment: () => AmazonMoment, body: unknown): Promise<Response> {
  const wanted = receiveSchema.safeParse(body);
  if (!wanted.success) return sqsError(400, "InvalidParameterValue");
  const { MaxNumberOfMessages: most, WaitTimeSeconds, VisibilityTimeout } = wanted.data;
  let now = moment();
  const until = now.now + WaitTimeSeconds * 1_000;
  while (visible(now).length === 0 && now.open && now.now < until) {
    await now.wait(Math.min(until, nextDue(now) ?? until) - now.now);
    now = moment();
  }
  const messages = visible(now).slice(0, most);
  const Messages = messages.map((message) => take(now, message, VisibilityTimeout));
  const headers = { "content-type": "application/x-amz-json-1.0" };
  return HttpResponse.json(Messages.length > 0 ? { Messages } : {}, { headers });
}

function visible(moment: AmazonMoment): Outgoing[] {
  tellEchoes(moment);
  return moment.state.market.outgoing.filter((message) => message.due <= moment.now);
}

function nextDue({ state }: AmazonMoment): number | null {
  const dues = [...state.market.outgoing, ...state.echoes].map((message) => message.due);
  return dues.length > 0 ? Math.min(...dues) : null;
}

/** Hides the message for a while; unless it is deleted it comes again. */
function take({ state, now }: AmazonMoment, message: Outgoing, visibilityS: number) {
  message.due = now + visibilityS * 1_000;
  message.tries += 1;
  const ReceiptHandle = uuid(state.market);
  state.receipts[ReceiptHandle] = message.id;
  return {
    MessageId: message.id,
    ReceiptHandle,
    MD5OfBody: createHash("md5").update(message.body).digest("hex"),
    Body: message.body,
    Attributes: { ApproximateReceiveCount: String(message.tries) },
  };
}

/** Says when a message that was read may be read again. */
function hide({ state, now }: AmazonMoment, body: unknown): Response {
  const wanted = visibilitySchema.safeParse(body);
  if (!wanted.success) return sqsError(400, "InvalidParameterValue");
  const id = state.receipts[wanted.data.ReceiptHandle];
  const message = state.market.outgoing.find((one) => one.id === id);
  if (!message) return sqsError(400, "MessageNotInflight");
  message.due = now + wanted.data.VisibilityTimeout * 1_000;
  return HttpResponse.json({}, { headers: { "content-type": "application/x-amz-json-1.0" } });
}

function remove({ state }: AmazonMoment, body: unknown): Response {
  const wanted = deleteSchema.safeParse(body);
  if (!wanted.success) return sqsError(400, "InvalidParameterValue");
  const id = state.receipts[wanted.data.ReceiptHandle];
  const at = state.market.outgoing.findIndex((one) => one.id === id && one.tries > 0);
  if (at >= 0) {
    state.market.outgoing.splice(at, 1);
    state.market.stats.sent += 1;
  }
  const still = new Set(state.market.outgoing.map((one) => one.id));
  const receipts = Object.entries(state.receipts).filter(([, message]) => still.has(message));
  state.receipts = Object.fromEntries(receipts);
  return HttpResponse.json({}, { headers: { "content-type": "application/x-amz-json-1.0" } });
}
