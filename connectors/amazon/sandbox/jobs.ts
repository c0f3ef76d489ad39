import type { AmazonMoment, SandboxJob } from "./state.ts";

interface JobStatus {
  createdTime: string;
  processingStatus: string;
  processingStartTime?: string;
  processingEndTime?: string;
  resultDocument?: string;
}

/** How far a feed or a report is at the moment: a third of its time it only waits. */
export function jobStatus({ now }: AmazonMoment, job: SandboxJob): JobStatus {
  const { createdAt, doneAt, ending, document } = job;
  const createdTime = new Date(createdAt).toISOString();
  const startedAt = createdAt + (doneAt - createdAt) / 3;
  if (now < startedAt) return { createdTime, processingStatus: "IN_QUEUE" };
  const processingStartTime = new Date(startedAt).toISOString();
  if (now < doneAt) return { createdTime, processingStartTime, processingStatus: "IN_PROGRESS" };
  return {
    createdTime,
    processingStartTime,
    processingEndTime: new Date(doneAt).toISOString(),
    processingStatus: ending,
    ...(ending === "DONE" && document ? { resultDocument: document } : {}),
  };
}
