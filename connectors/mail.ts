/** How mail leaves: an SMTP server and the sender's address. */
export interface MailServer {
  url: string;
  from: string;
}

export interface Mail {
  to: readonly string[];
  subject: string;
  text: string;
}

export type MailSent = { outcome: "sent" } | { outcome: "failed"; why: string };

const TIMEOUT_MS = 10_000;

/** Hands a mail to the SMTP server. Its library is loaded when the first one is sent. */
export async function sendMail(server: MailServer, { to, subject, text }: Mail): Promise<MailSent> {
  const { createTransport } = await import("nodemailer");
  const timeouts = { connectionTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: server.url, ...timeouts });
  try {
    await transport.sendMail({ from: server.from, bcc: [...to], subject, text });
    return { outcome: "sent" };
  } catch (error) {
    // The server's own words name the recipient that it refuses, never the password.
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: "failed", why: why.slice(0, 200) };
  } finally {
    transport.close();
  }
}
