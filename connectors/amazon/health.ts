import { z } from "zod";
import type { Account, Session } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { AmazonClient } from "./client.ts";
import { consentEnds } from "./tokens.ts";

const participationSchema = z.object({
  marketplace: z.object({ id: z.string() }),
  participation: z.object({ isParticipating: z.boolean() }),
});

export type Participation = z.infer<typeof participationSchema>;

/** The marketplaces the seller takes part in: the least that any seller lets us ask. */
export async function participations(client: AmazonClient): Promise<Answered<Participation[]>> {
  const answer = await client.run(z.object({ payload: z.array(participationSchema) }), {
    operation: "sellers.getMarketplaceParticipations",
    plan: "getMarketplaceParticipations",
    kind: "read",
    query: {},
  });
  if (answer.outcome !== "answered") return answer;
  return { outcome: "answered", data: answer.data?.payload ?? [] };
}

/** Whether we are still let in, and when the seller has to agree again. */
export async function health(
  client: AmazonClient,
  account: Account,
): ReturnType<Session["health"]> {
  const answer = await participations(client);
  if (answer.outcome !== "answered") return answer;
  return { outcome: "healthy", reconnectBy: consentEnds(account) };
}
