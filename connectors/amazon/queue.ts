import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Account, CallFailure, Received, World } from "../connector.ts";
import { agentFor, statusFailure, transportFailure } from "../http.ts";
import { readNotification } from "./notification.ts";

/** SQS waits for 20 seconds at most, and hands out 10 messages at a time. */
const WAIT_S_MAX = 20;
const MESSAGES_MAX = 10;

export interface NotificationQueue {
  /** Its address. */
  name: string;
  receive(waitMs: number, signal: AbortSignal): Promise<Received>;
}

/** The queue of this connection, or the app's one for all of them. */
export function queueUrlOf({ settings, secrets }: Account): string {
  return settings.queueUrl || secrets.queueUrl || "";
}

/** Notifications from the queue that Amazon puts them into: of this seller, and of all others. */
export function notificationQueue(account: Account, world: World): NotificationQueue {
  const QueueUrl = queueUrlOf(account);
  const client = sqsClient(account, world);
  const remove = async (ReceiptHandle: string) => {
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  };
  return {
    name: QueueUrl,
    async receive(waitMs, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: MESSAGES_MAX,
        WaitTimeSeconds: Math.min(WAIT_S_MAX, Math.floor(waitMs / 1_000)),
      });
      try {
        const { Messages = [] } = await client.send(command, { abortSignal: signal });
        const deliveries = Messages.map(({ Body = "", ReceiptHandle = "" }) => {
          const { seller, verification } = readNotification(Body);
          const to = seller === null ? {} : { to: seller };
          return { ...to, verification, done: () => remove(ReceiptHandle) };
        });
        return { outcome: "received", deliveries };
      } catch (error) {
        // Whoever stops waiting has received nothing; that is not a failure.
        if (signal.aborted) return { outcome: "received", deliveries: [] };
        return failureOf(error, world.now());
      }
    },
  };
}

function sqsClient(account: Account, world: World): SQSClient {
  const { awsAccessKeyId = "", awsSecretAccessKey = "" } = account.secrets;
  return new SQSClient({
    region: placeOf(queueUrlOf(account)).region,
    credentials: { accessKeyId: awsAccessKeyId, secretAccessKey: awsSecretAccessKey },
    maxAttempts: 1,
    requestHandler: {
      httpsAgent: agentFor(world),
      connectionTimeout: 5_000,
      requestTimeout: (WAIT_S_MAX + 10) * 1_000,
      // Left to itself the SDK warns of a silent queue and goes on waiting.
      throwOnRequestTimeout: true,
    },
  });
}

/** https://sqs.<region>.amazonaws.com/<account>/<queue>, as AWS names every queue. */
const QUEUE_URL = /^https:\/\/sqs\.([a-z0-9-]+)\.[^/]+\/(\d+)\/([^/]+)$/;

/** Where a queue is, and whose. What is no queue's address is nowhere. */
export function placeOf(queueUrl: string): { region: string; owner: string; arn: string | null } {
  const [, region, owner = "", name] = QUEUE_URL.exec(queueUrl) ?? [];
  if (!region) return { region: "us-east-1", owner, arn: null };
  return { region, owner, arn: `arn:aws:sqs:${region}:${owner}:${name}` };
}

function failureOf(error: unknown, now: number): CallFailure {
  const metadata = error instanceof Error && "$metadata" in error ? error.$metadata : null;
  const status = (metadata as { httpStatusCode?: number } | null)?.httpStatusCode;
  if (status === undefined) return transportFailure(error, "read");
  return statusFailure(status, "read", now + 1_000);
}
