import { z } from "zod";
import type { MailServer } from "../connectors/mail.ts";

/** Variables of both processes: how mail leaves. */
export const MAIL_VARIABLES = {
  /** smtp://user:password@host:port, or smtps:// for TLS from the start. Not set = no mail. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Whom mail comes from. */
  MAIL_FROM: z.email().optional(),
};

/** Both are needed; one alone sends nothing. */
export function mailServer(env: { SMTP_URL?: string; MAIL_FROM?: string }): MailServer | null {
  const { SMTP_URL: url, MAIL_FROM: from } = env;
  return url !== undefined && from !== undefined ? { url, from } : null;
}
