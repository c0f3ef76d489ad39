import { describe, expect, test } from "vitest";
import { causeOf, type DriftFacts, driftSentence, remedyOf } from "../../inventory/drift.ts";

const facts = (more: Partial<DriftFacts>): DriftFacts => ({
  ...{ expected: 10, found: 12, seen: true, before: 11, heardLater: 0 },
  ...{ ordersKnown: true, healedLately: 0, ...more },
});

describe("H5: the likely cause of a number that disagrees", () => {
  test.each<[Partial<DriftFacts>, string, string]>([
    [{ found: null, healedLately: 5 }, "unknown", "it says nothing, whatever happened before"],
    [{ healedLately: 2 }, "other-tool", "put right twice this hour and wrong again"],
    [{ healedLately: 2, seen: false, found: 11 }, "other-tool", "a fight, whatever it shows"],
    [{ found: 8, heardLater: 2 }, "lost-order", "a late order explains all of it"],
    [{ found: 0, heardLater: 14 }, "lost-order", "it cannot show less than 0"],
    [{ seen: false, found: 11 }, "rejected-push", "still the number before"],
    [{ seen: false, found: 4 }, "unknown", "neither this number nor the one before"],
    [{ found: 7, ordersKnown: false }, "lost-order", "fewer, and orders are not known yet"],
    [{ found: 7 }, "manual-edit", "fewer, and every order is known"],
    [{ found: 8, heardLater: 1 }, "manual-edit", "a late order explains a part only"],
    [{ found: 500 }, "manual-edit", "more than we ever said"],
  ])("%j: %s (%s)", (more, cause) => {
    expect(causeOf(facts(more))).toBe(cause);
  });

  test("a fight is not fed, whatever the owner wants; else he decides", () => {
    expect(remedyOf("heal", "other-tool")).toBe("stop");
    expect(remedyOf("report", "other-tool")).toBe("stop");
    expect(remedyOf("heal", "manual-edit")).toBe("heal");
    expect(remedyOf("report", "manual-edit")).toBe("report");
  });

  test("a person reads which number, which one was expected, and why", () => {
    expect(driftSentence(10, 12, "manual-edit")).toBe(
      "shows 12 instead of the accepted 10: somebody changed it there by hand, or another app did",
    );
    expect(driftSentence(10, null, "unknown")).toMatch(/^shows no number instead of/);
  });
});
