import { createServer as createHttp } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";

/** A Slack that keeps what it is told, and answers with this status. */
export async function startSlack() {
  const slack = { status: 200, texts: [] as string[], url: "", stop: async () => {} };
  const server = createHttp((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (slack.status === 200) slack.texts.push(JSON.parse(body).text);
      response.writeHead(slack.status).end("ok");
    });
  });
  slack.url = `http://127.0.0.1:${await listen(server)}/services/T1/B1/x`;
  slack.stop = () => stop(server);
  return slack;
}

/** A mail server that takes everything: enough of SMTP for one message a connection. */
export async function startMailServer() {
  const mails: { to: string[]; text: string }[] = [];
  const server = createTcp((socket) => converse(socket, mails));
  const port = await listen(server);
  return { mails, url: `smtp://127.0.0.1:${port}`, stop: () => stop(server) };
}

function converse(socket: Socket, mails: { to: string[]; text: string }[]): void {
  const mail = { to: [] as string[], text: "" };
  let [rest, reading] = ["", false];
  socket.write("220 test\r\n");
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    rest += chunk;
    if (reading && rest.includes("\r\n.\r\n")) {
      mail.text = rest.slice(0, rest.indexOf("\r\n.\r\n"));
      mails.push(mail);
      [rest, reading] = ["", false];
      socket.write("250 taken\r\n");
    }
    while (!reading && rest.includes("\r\n")) {
      const line = rest.slice(0, rest.indexOf("\r\n"));
      rest = rest.slice(line.length + 2);
      const to = /^RCPT TO:<(.*)>/i.exec(line)?.[1];
      if (to) mail.to.push(to);
      reading = /^DATA/i.test(line);
      socket.write(reading ? "354 go on\r\n" : /^QUIT/i.test(line) ? "221 bye\r\n" : "250 ok\r\n");
    }
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  await new Promise((done) => server.close(done));
}
