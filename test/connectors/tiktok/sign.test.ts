import fc from "fast-check";
import { expect, test } from "vitest";
import { signRequest, signWebhook } from "../../../connectors/tiktok/sign.ts";
import { readModel } from "../models.ts";

const PATH = "/product/202309/products/1729592969712207008/inventory/update";
const QUERY = { app_key: "abc123", shop_cipher: "ROW_xyz", timestamp: "1700000000" };
const BODY =
  '{"skus":[{"id":"1729388324987897824","inventory":[{"warehouse_id":"7054915283043174149","quantity":12}]}]}';
const SIGNED = "30afda2935c2cc23f91f58cb5851a5813ab1d40d9df3a589c898d41d0ef5ebd7";

test("F: a call is signed as TikTok signs it", () => {
  expect(signRequest("testsecret", PATH, QUERY, BODY)).toBe(SIGNED);
});

test("F: the order of the query, the signature and the token change no signature", () => {
  const others = { sign: "x", access_token: "y" };
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Object.entries({ ...QUERY, ...others }), { minLength: 5 }),
      (some) => {
        expect(signRequest("testsecret", PATH, Object.fromEntries(some), BODY)).toBe(SIGNED);
      },
    ),
  );
});

test.each([
  ["the path", `${PATH}/`, QUERY, BODY],
  ["the query", PATH, { ...QUERY, timestamp: "1700000001" }, BODY],
  ["a byte of the body", PATH, QUERY, `${BODY} `],
])("F: %s changes it", (_what, path, query, body) => {
  expect(signRequest("testsecret", path, query, body)).not.toBe(SIGNED);
});

test("G: a webhook's golden vector", () => {
  // Compact JSON with string ids: written again it is the same bytes.
  const golden = readModel("tiktok/webhook-1-order-status-change.golden.json");
  if (!golden) return;
  expect(signWebhook("abcdef", "123", JSON.stringify(golden))).toBe(
    "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05",
  );
});
