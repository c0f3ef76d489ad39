import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Account, CallFailure, Received, World } from "../connector.ts";
import { agentFor, statusFailure, transportFailure } from "../http.ts";
import { readNotification } from "./notification.ts";

/** SQS waits for 20 seconds at most, and hands out 10 messages at a time. */
const WAIT_S_MAX = 20;
const MESSAGES_MAX = 10;

export interface NotificationQueue {
  receive(waitMs: number, signal: AbortSignal): Promise<Received>;
}

/** The seller's notifications, from the queue that Amazon puts them into. */
export function notificationQueue(account: Account, world: World): NotificationQueue {
  const { queueUrl = "" } = account.settings;
  const client = sqsClient(account, world);
  const remove = async (receipt: string) => {
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
  };
  return {
    async receive(waitMs, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MESSAGES_MAX,
        WaitTimeSeconds: Math.min(WAIT_S_MAX, Math.floor(waitMs / 1_000)),
      });
      try {
        const { Messages = [] } = await client.send(command, { abortSignal: signal });
        const deliveries = Messages.map(({ Body = "", ReceiptHandle = "" }) => ({
          verification: readNotification(Body, account),
          done: () => remove(ReceiptHandle),
        }));
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
    region: regionOf(account.settings.queueUrl ?? ""),
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
function regionOf(queueUrl: string): string {
  return /^https:\/\/sqs\.([a-z0-9-]+)\./.exec(queueUrl)?.[1] ?? "us-east-1";
}

function failureOf(error: unknown, now: number): CallFailure {
  const metadata = error instanceof Error && "$metadata" in error ? error.$metadata : null;
  const status = (metadata as { httpStatusCode?: number } | null)?.httpStatusCode;
  if (status === undefined) return transportFailure(error, "read");
  return statusFailure(status, "read", now + 1_000);
}
