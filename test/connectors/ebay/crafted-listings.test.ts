import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { API, craftedSession, trading } from "./crafted.ts";

// Listings that the sandbox does not have.

const offer = { offerId: "1", sku: "A", format: "FIXED_PRICE", status: "PUBLISHED" };
const live = { listingId: "110", listingStatus: "ACTIVE" };
const inventory = (offers: object[], product: object = {}) => [
  http.get(`${API}/sell/inventory/v1/inventory_item`, () => {
    const availability = { shipToLocationAvailability: { quantity: 8 } };
    return HttpResponse.json({ total: 1, inventoryItems: [{ sku: "A", product, availability }] });
  }),
  http.get(`${API}/sell/inventory/v1/offer`, () => HttpResponse.json({ offers })),
];
const firstPage = async (...given: Parameters<typeof inventory>) => {
  const page = await craftedSession(inventory(...given)).listings(null);
  if (page.outcome !== "page") throw new Error(JSON.stringify(page));
  return page.rows;
};

test("F: an auction beside a fixed price of the same SKU is a listing of its own", async () => {
  const auction = { ...offer, offerId: "2", format: "AUCTION", availableQuantity: 1 };
  const rows = await firstPage([
    { ...offer, availableQuantity: 5, listing: live },
    { ...auction, listing: { ...live, listingId: "111" } },
  ]);
  expect(rows.map((row) => [row.externalId, row.quantity, row.unpushable !== null])).toEqual([
    ["110/A", 5, false],
    ["111/A", 1, true],
  ]);
});

test.each([
  ["an unpublished offer is no listing", { status: "UNPUBLISHED" }, null],
  ["one that ended is none", { listing: { ...live, listingStatus: "ENDED" } }, null],
  ["one out of stock is", { listing: { ...live, listingStatus: "OUT_OF_STOCK" } }, null],
  ["one on hold is, but stays as it is", { listing: { ...live, listingOnHold: true } }, "hold"],
])("F: %s", async (what, given, why) => {
  const rows = await firstPage([{ ...offer, listing: live, ...given }]);
  expect(rows).toHaveLength(/no listing|is none/.test(what) ? 0 : 1);
  if (why) expect(rows[0]?.unpushable).toMatch(why);
});

test("F: an offer without a number of its own shows the item's", async () => {
  expect(await firstPage([{ ...offer, listing: live }])).toMatchObject([{ quantity: 8 }]);
});

test.each([
  [{ upc: ["012345678905"] }, "012345678905"],
  [{ upc: ["Does not apply"], ean: ["4006381333931"] }, "4006381333931"],
  [{ isbn: ["978-3-16-148410-0"] }, "9783161484100"],
  [{ epid: "12345" }, null],
])("F: %j has barcode %s", async (product, barcode) => {
  expect(await firstPage([{ ...offer, listing: live }], product)).toMatchObject([{ barcode }]);
});

const LEGACY = JSON.stringify({ world: "legacy", page: 1, endingAfter: 0 });
const sold = "<SellingStatus><QuantitySold>2</QuantitySold></SellingStatus>";
const legacyPage = async (items: string, offers: object[] = []) => {
  const list = `<Ack>Success</Ack><ItemArray>${items}</ItemArray>`;
  const session = craftedSession([
    trading({
      GetSellerList: () => list,
      GetUserPreferences: () =>
        "<Ack>Success</Ack><OutOfStockControlPreference>true</OutOfStockControlPreference>",
    }),
    ...inventory(offers),
  ]);
  const page = await session.listings(LEGACY);
  if (page.outcome !== "page") throw new Error(JSON.stringify(page));
  return page.rows;
};

test("F: an item is legacy by its listing, not by its SKU", async () => {
  const item = (id: string) => `<Item><ItemID>${id}</ItemID><SKU>A</SKU><Quantity>5</Quantity>
    <ListingType>FixedPriceItem</ListingType>${sold}</Item>`;
  const rows = await legacyPage(item("110") + item("220"), [{ ...offer, listing: live }]);
  expect(rows.map((row) => [row.externalId, row.quantity])).toEqual([["220/A", 3]]);
});

test("F: SKUs that look like numbers stay texts, and signs stay signs", async () => {
  const skus = ["1e5", "007", "0x1F", "1.0", "A&amp;B &lt;C&gt;"];
  const items = skus.map(
    (sku, n) => `<Item><ItemID>3${n}</ItemID><SKU>${sku}</SKU><Quantity>1</Quantity>${sold}</Item>`,
  );
  const rows = await legacyPage(items.join(""));
  expect(rows.map((row) => row.sku)).toEqual(["1e5", "007", "0x1F", "1.0", "A&B <C>"]);
});

test("F: an auction of the older world is shown, and never pushed to", async () => {
  const auction = `<Item><ItemID>5</ItemID><Quantity>1</Quantity>
    <ListingType>Chinese</ListingType>
    <SellingStatus><ListingStatus>Active</ListingStatus></SellingStatus></Item>`;
  const unpushable = expect.stringMatching(/auction/);
  expect(await legacyPage(auction)).toMatchObject([{ externalId: "5", unpushable }]);
});

test("F: a Trading call that fails says so in a success of HTTP", async () => {
  const errors =
    "<Errors><ErrorCode>340</ErrorCode><LongMessage>Out of range</LongMessage></Errors>";
  const session = craftedSession([trading({ GetSellerList: () => `<Ack>Failure</Ack>${errors}` })]);
  expect(await session.listings(LEGACY)).toEqual({
    outcome: "unavailable",
    why: "340 Out of range",
  });
});
