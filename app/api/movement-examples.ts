import type { Example } from "./route.ts";

const BALANCES = [
  { bucket: "sellable", location: "MAIN", quantity: 36 },
  { bucket: "committed", quantity: 0 },
  { bucket: "held", quantity: 0 },
];
const MOVED = { seq: 42, oversold: 0, version: 42, onHand: 36, ats: 36, balances: BALANCES };

export const RECEIVE_EXAMPLE: Example = {
  summary: "A delivery has arrived",
  body: {
    type: "receive",
    sku: "TEE-BLK-M",
    location: "MAIN",
    quantity: 12,
    reason: "delivery",
    reference: "PO-1187",
  },
  answer: MOVED,
};

export const ADJUST_EXAMPLE: Example = {
  summary: "One unit is broken",
  body: {
    type: "adjust",
    sku: "TEE-BLK-M",
    location: "MAIN",
    bucket: "sellable",
    quantity: -1,
    reason: "broken in the warehouse",
  },
  answer: { ...MOVED, seq: 43, version: 43, onHand: 35, ats: 35 },
};

export const TRANSFER_EXAMPLE: Example = {
  summary: "Three units to the store",
  body: {
    ...{ type: "transfer", sku: "TEE-BLK-M", location: "MAIN", to: "STORE", quantity: 3 },
    reason: "restocking the store",
  },
  answer: {
    ...MOVED,
    ...{ seq: 44, version: 44 },
    balances: [
      { bucket: "sellable", location: "MAIN", quantity: 33 },
      { bucket: "sellable", location: "STORE", quantity: 3 },
      ...BALANCES.slice(1),
    ],
  },
};

export const ALLOCATE_EXAMPLE: Example = {
  summary: "Five units for one channel alone",
  body: {
    type: "allocate",
    sku: "TEE-BLK-M",
    channel: "tiktok",
    quantity: 5,
    reason: "live show on Friday",
  },
  answer: { ...MOVED, seq: 44, version: 44, ats: 31 },
};

export const HISTORY_EXAMPLE: Example = {
  summary: "From the beginning",
  query: { sku: "TEE-BLK-M", limit: 2 },
  answer: {
    data: [
      {
        ...{ seq: 42, type: "receive", at: "2026-11-27T08:00:00.000Z", occurredAt: null },
        ...{ channel: null, order: null, hold: null, oversold: 0, actor: "api:warehouse" },
        ...{ reason: "delivery", reference: "PO-1187" },
        legs: [
          { bucket: "sellable", location: "MAIN", quantity: 12 },
          { bucket: "outside", location: "", quantity: -12 },
        ],
      },
    ],
    next: "42",
    more: false,
  },
};
