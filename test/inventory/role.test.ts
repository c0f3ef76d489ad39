import { describe, expect, test } from "vitest";
import { isRole, may, PERMISSIONS, type Permission, ROLES } from "../../inventory/role.ts";

/** Who may: o(wner), o(perations), m(arketing), w(arehouse), r(ead-only), in the order of ROLES. */
const TABLE: [Permission, string][] = [
  ["stock.move", "xx.x."],
  ["returns.inspect", "xx.x."],
  ["holds.manage", "xx..."],
  ["batches.undo", "xx..."],
  ["listings.see", "xxx.x"],
  ["listings.match", "xxx.."],
  ["channels.see", "xxx.x"],
  ["channels.manage", "xx..."],
  ["buffers.see", "xxx.x"],
  ["buffers.change", "xx..."],
  ["promotions.change", "xxx.."],
  ["letters.see", "xx..x"],
  ["letters.decide", "xx..."],
  ["orders.signoff", "xx..."],
  ["data.import", "xx.x."],
  ["data.export", "xxxxx"],
  ["onboarding.golive", "xx..."],
  ["settings.change", "xx..."],
  ["tokens.manage", "x...."],
  ["team.manage", "x...."],
];

describe("G: what each role may do", () => {
  test.each(TABLE)("%s: %s", (permission, marks) => {
    expect(ROLES.map((role) => (may(role, permission) ? "x" : ".")).join("")).toBe(marks);
  });

  test("the table leaves nothing out", () => {
    expect(TABLE.map(([permission]) => permission)).toEqual([...PERMISSIONS]);
  });

  test("a read-only person changes nothing", () => {
    const changing = PERMISSIONS.filter((name) => !/\.(see|export)$/.test(name));
    expect(changing.filter((permission) => may("read-only", permission))).toEqual([]);
  });
});

test("a role from outside is read, not believed", () => {
  expect(isRole("warehouse")).toBe(true);
  expect(["admin", "", undefined, null, 1].filter(isRole)).toEqual([]);
});
