import cluster from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";

/** What one of several web processes asks the one that started them, and what it is told. */
interface Question {
  metricsOfAll: number;
  /** In the answer: null when some process did not say what it counts. */
  text?: string | null;
}

function isQuestion(message: unknown): message is Question {
  return typeof message === "object" && message !== null && "metricsOfAll" in message;
}

/** In the process that starts the others: tells whichever of them asks what all of them count. */
export function tellMetricsOfAll(): void {
  const all = new AggregatorRegistry();
  cluster.on("message", (worker, question: unknown) => {
    if (!isQuestion(question)) return;
    const tell = (text: string | null) => worker.send({ ...question, text });
    all.clusterMetrics().then(tell, () => tell(null));
  });
}

/**
 * In one of several web processes, any of which Prometheus may reach: asks what all of them count.
 * Half the truth is none, so this fails while one of them does not answer.
 */
export function metricsOfAll(own: Registry): () => Promise<string> {
  AggregatorRegistry.setRegistries(own);
  new AggregatorRegistry(); // answers when the others ask
  const waiting = new Map<number, (text: string | null | undefined) => void>();
  let asked = 0;
  process.on("message", (answer: unknown) => {
    if (!isQuestion(answer)) return;
    waiting.get(answer.metricsOfAll)?.(answer.text);
    waiting.delete(answer.metricsOfAll);
  });
  return () =>
    new Promise((done, fail) => {
      asked += 1;
      waiting.set(asked, (text) => {
        if (typeof text === "string") done(text);
        else fail(new Error("a web process does not tell its metrics"));
      });
      process.send?.({ metricsOfAll: asked } satisfies Question);
    });
}
