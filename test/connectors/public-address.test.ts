import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { addressesOf } from "../../connectors/look-up.ts";
import { postPublic } from "../../connectors/post-public.ts";
import { isPublicAddress, publicAddress } from "../../connectors/public-address.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test.each([...["8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "2606:4700::1111"]])(
  "%s can be reached by anybody",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  ...["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"],
  ...["192.168.1.1", "169.254.169.254", "100.64.0.1", "198.19.0.1", "224.0.0.1"],
  ...["255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fe80::1"],
  ...["fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"],
  ...["2001:0:7f00:1::", "::7f00:1", "not an address"],
])("%s cannot", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

describe("where a URL leads", () => {
  const refuse = async (url: string, addresses: string[] = ["8.8.8.8"]) =>
    (await publicAddress(url, { resolve: async () => addresses })).outcome;

  test.each([
    ...["https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/"],
    ...["https://[::1]/", "https://[::ffff:7f00:1]/", "https://169.254.169.254/latest"],
    ...["http://example.com/", "ftp://example.com/", "https://user:pass@example.com/", "nonsense"],
  ])("%s is refused", async (url) => {
    expect(await refuse(url)).toBe("refused");
  });

  test("a name is refused when any of its addresses is private", async () => {
    expect(await refuse("https://shop.example/", ["8.8.8.8", "10.0.0.1"])).toBe("refused");
    expect(await refuse("https://shop.example/", ["::ffff:127.0.0.1"])).toBe("refused");
    expect(await refuse("https://shop.example/", [])).toBe("unknown-host");
    const found = await publicAddress("https://shop.example:8443/in", {
      resolve: async () => ["2606:4700::1111", "8.8.8.8"],
    });
    expect(found).toMatchObject({ outcome: "public", address: "2606:4700::1111", family: 6 });
  });

  test("this machine may be allowed, and nothing else private with it", async () => {
    const policy = { allowLoopback: true };
    expect((await publicAddress("http://127.0.0.1:9/", policy)).outcome).toBe("public");
    expect((await publicAddress("http://10.0.0.1/", policy)).outcome).toBe("refused");
    expect((await publicAddress("http://8.8.8.8/", policy)).outcome).toBe("refused");
  });
});

/** A server whose answer a test writes; and how often each path was asked for. */
async function listen(answer: (path: string) => [number, Record<string, string>, string]) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const [status, headers, body] = answer(request.url ?? "");
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { port, asked };
}

test("the address that was checked is the one that is called, whatever the name means later", async () => {
  const { port, asked } = await listen(() => [200, {}, "taken"]);
  let lookups = 0;
  const resolve = async () => {
    lookups += 1;
    return lookups === 1 ? ["127.0.0.1"] : ["10.0.0.1"];
  };
  const posted = await postPublic(`http://rebinding.example:${port}/in`, {
    ...{ headers: { host: "rebinding.example" }, body: "{}", allowLoopback: true, resolve },
  });
  expect(posted).toMatchObject({ outcome: "answered", status: 200, body: "taken" });
  expect([asked, lookups]).toEqual([["/in"], 1]);
});

test("a redirect is an answer, and is not followed; an endless answer is cut", async () => {
  const { port, asked } = await listen((path) =>
    path === "/away" ? [302, { location: "/secret" }, ""] : [200, {}, "x".repeat(100_000)],
  );
  const options = { headers: {}, body: "{}", allowLoopback: true };
  const away = await postPublic(`http://127.0.0.1:${port}/away`, options);
  expect(away).toMatchObject({ outcome: "answered", status: 302 });
  const long = await postPublic(`http://127.0.0.1:${port}/long`, options);
  expect(long.outcome === "answered" && long.body.length).toBe(2_000);
  expect(asked).toEqual(["/away", "/long"]);
});

/** A name server that answers every question for an address of IPv4 so, or not at all. */
async function nameServer(address: readonly number[] | undefined) {
  const socket = createSocket("udp4");
  socket.on("message", (question, { port }) => {
    if (!address) return;
    const isV4 = question.readUInt16BE(question.indexOf(0, 12) + 1) === 1;
    const head = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x81, 0x80, 0, 1, 0, +isV4]);
    const end = question.indexOf(0, 12) + 5;
    const asked = Buffer.concat([Buffer.alloc(4), question.subarray(12, end)]);
    const answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address];
    socket.send(Buffer.concat([head, asked, Buffer.from(isV4 ? answer : [])]), port);
  });
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  return { servers: [`127.0.0.1:${socket.address().port}`], stop: () => socket.close() };
}

test("a name is looked up at a name server, and one that is silent is given up", async () => {
  const [good, silent] = [await nameServer([93, 184, 216, 34]), await nameServer(undefined)];
  try {
    expect(await addressesOf("shop.example", good)).toEqual(["93.184.216.34"]);
    expect(await addressesOf("shop.example", { ...silent, withinMs: 90 })).toEqual([]);
    const resolve = (host: string) => addressesOf(host, { ...silent, withinMs: 90 });
    const options = { headers: {}, body: "{}", resolve };
    const posted = await postPublic("https://shop.example/in", options);
    expect(posted).toMatchObject({ outcome: "failed", why: "shop.example is not found." });
  } finally {
    good.stop();
    silent.stop();
  }
});

test("what is refused is never connected to", async () => {
  const { port, asked } = await listen(() => [200, {}, ""]);
  const posted = await postPublic(`http://127.0.0.1:${port}/`, { headers: {}, body: "" });
  expect(posted.outcome).toBe("refused");
  expect(asked).toEqual([]);
});
