import { type MailServer, sendMail } from "../connectors/mail.ts";
import { postPublic } from "../connectors/post-public.ts";
import type { TargetKind } from "../inventory/notification.ts";

/** What it takes to reach a merchant's team. */
export interface NotifyWorld {
  /** Null: no SMTP server is configured, so mail cannot be sent. */
  mail: MailServer | null;
  /** For tests and demos: a webhook may be on this machine. */
  allowLoopback: boolean;
}

export interface Told {
  subject: string;
  text: string;
}

export type TellResult = { outcome: "sent" } | { outcome: "failed"; why: string };

/** Sends one text to all of a target's addresses. */
export async function tell(
  world: NotifyWorld,
  kind: TargetKind,
  addresses: readonly string[],
  told: Told,
): Promise<TellResult> {
  switch (kind) {
    case "slack":
      return toSlack(world, addresses[0] ?? "", told);
    case "email":
      if (!world.mail) return { outcome: "failed", why: "No mail server is configured." };
      return sendMail(world.mail, { to: addresses, ...told });
  }
}

async function toSlack(
  { allowLoopback }: NotifyWorld,
  address: string,
  { subject, text }: Told,
): Promise<TellResult> {
  const body = JSON.stringify({ text: `*${subject}*\n${text}` });
  const headers = { "content-type": "application/json" };
  const posted = await postPublic(address, { headers, body, allowLoopback });
  if (posted.outcome !== "answered") return { outcome: "failed", why: posted.why };
  if (posted.status >= 200 && posted.status < 300) return { outcome: "sent" };
  return {
    outcome: "failed",
    why: `Slack answered ${posted.status}: ${posted.body.slice(0, 100)}`,
  };
}
