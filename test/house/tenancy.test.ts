import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/services/paths.ts";
import { shopTables, unscoped } from "./scoped.ts";

/** Queries that look at rows of any shop, each with the reason why they may. */
const MAY: Record<string, string> = {
  "prisma/backlog.ts#readBacklog": "figures of the whole house for /metrics",
  "prisma/batches.ts#batchOfJob": "a job's payload names the row alone; its shop is read with it",
  "prisma/batches.ts#forgetFiles": "a sweeper",
  "prisma/batches.ts#stalledBatches": "a sweeper",
  "prisma/connections.ts#connectionOfJob": "a job's payload names the row alone",
  "prisma/connections.ts#everyConnection": "the worker visits each of them",
  "prisma/connections.ts#connectionsBySetting":
    "a marketplace's own message names the account, never a shop of ours",
  "prisma/connections.ts#shopOfConnection": "a door's address names the connection alone",
  "prisma/consent-requests.ts#ownerOfState": "found by a secret that only its owner has",
  "prisma/consent-requests.ts#takeConsentRequest": "found by that secret",
  "prisma/inbox.ts#leaseDue": "a sweeper",
  "prisma/inbox.ts#loadMessage": "a job's payload names the row alone",
  "prisma/inbox.ts#reopenAppliedSince": "recovery: a partition of the ledger holds many shops",
  "prisma/ledger-record.ts#itemsAfter": "recovery of a partition",
  "prisma/notifications.ts#shopsToNotify": "a sweeper: it visits each shop",
  "prisma/pushes.ts#connectionsWithWork": "a sweeper",
  "prisma/reseal.ts#resealAll": "keys are the house's: everything sealed is sealed anew",
  "prisma/reseal.ts#resealTargets": "the same",
  "prisma/reseal.ts#resealWebhooks": "the same",
  "prisma/storefront.ts#storefrontConnection": "a storefront is known by its domain",
  "prisma/tasks.ts#stalledTasks": "a sweeper",
  "prisma/tokens.ts#tokenOwner": "found by a secret: it says whose shop it is",
  "prisma/webhook-deliveries.ts#dueEndpoints": "a sweeper",
  "prisma/webhook-deliveries.ts#forgetDeliveries": "a sweeper",
  "prisma/webhooks.ts#openEndpoint": "a job's payload names the row alone",
};

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const known = shopTables(read("prisma/schema.prisma"));

describe("invariant 11: a tenant never sees another tenant's row", () => {
  const folders = ["prisma", "app", "jobs"];
  const paths = execFileSync("git", ["ls-files", "-co", "--exclude-standard", ...folders], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => /\.tsx?$/.test(file));
  const found = unscoped(new Map(paths.map((path) => [path, read(path)])), known);

  test("every query on rows of shops says of which shop, or is named with its reason", () => {
    const open = found.filter(({ at }) => MAY[at] === undefined);
    expect(open.map(({ at, line, text }) => `${at}, line ${line}: ${text}`)).toEqual([]);
  });

  test("no reason is kept for a query that needs none", () => {
    const needed = new Set(found.map(({ at }) => at));
    expect(Object.keys(MAY).filter((at) => !needed.has(at))).toEqual([]);
  });
});

describe("the search itself", () => {
  const filled = (text: string) => text.replaceAll("#{", "${");
  const shared = "export const OF = (shop: string) => Prisma.sql`b.shop_id = #{shop}`;";
  const find = (body: string) => {
    const file = `import { OF } from "./shared.ts";
      export async function asks(db: Queryable, shop: string, id: string) { ${body} }`;
    const sources = new Map([
      ["prisma/asks.ts", filled(file)],
      ["prisma/shared.ts", filled(shared)],
    ]);
    return unscoped(sources, known).map(({ at }) => at);
  };

  test.each([
    "return db.item.findMany({ where: { id } });",
    "return db.item.findMany();",
    "return db.item.findMany({ where: { id }, select: { shopId: true } });",
    "const where = { id }; return db.listing.updateMany({ where, data: { title: shop } });",
    "return db.$queryRaw`select b.shop_id from batch b where b.id = #{id}`;",
    "return db.$queryRaw<{ id: string }[]>`select id from item i join listing l on l.shop_id = i.shop_id`;",
    "const of = Prisma.sql`b.id = #{id}`; return db.$executeRaw`update batch b set state = '' where #{of}`;",
    "return db.$executeRaw`delete from hold where id = #{id}`;",
  ])("finds %s", (body) => {
    expect(find(body)).toEqual(["prisma/asks.ts#asks"]);
  });

  test.each([
    "return db.item.findMany({ where: { id, shopId: shop } });",
    "const where = { shopId: shop, id }; return db.item.count({ where });",
    "return db.$queryRaw`select id from batch b where b.id = #{id} and b.shop_id = #{shop}`;",
    "return db.$queryRaw`select id from batch b where b.id = #{id} and #{OF(shop)}`;",
    "return db.$executeRaw`insert into item (id, shop_id) values (#{id}, #{shop})`;",
    "return db.$queryRaw`select seq from partition_mark`;",
    "return db.item.create({ data: { shopId: shop, sku: id } });",
    "return db.shop.findUnique({ where: { id: shop } });",
  ])("lets pass %s", (body) => {
    expect(find(body)).toEqual([]);
  });
});
