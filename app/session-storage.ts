import { Session, type SessionParams } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { z } from "zod";
import type { Database } from "../prisma/client.ts";
import type { Keyring } from "../prisma/sealed.ts";
import {
  deleteSessions,
  loadSession,
  type StoredSession,
  sessionsOfShop,
  storeSession,
} from "../prisma/sessions.ts";

/** JSON turns the two dates of a session into text; everything else survives as it is. */
const stored = z.looseObject({
  expires: z.coerce.date().optional(),
  refreshTokenExpires: z.coerce.date().optional(),
});

/** Shopify's sessions in our record, sealed: a copy of the database opens no shop. */
export function sealedSessions(db: Database, ring: Keyring): SessionStorage {
  return {
    async storeSession(session) {
      const { id, shop, expires } = session;
      const content = session.toObject();
      await storeSession(db, ring, { id, shop, expires: expires ?? null, content });
      return true;
    },
    async loadSession(id) {
      const row = await loadSession(db, ring, id);
      return row ? asSession(row) : undefined;
    },
    async deleteSession(id) {
      await deleteSessions(db, [id]);
      return true;
    },
    async deleteSessions(ids) {
      await deleteSessions(db, ids);
      return true;
    },
    async findSessionsByShop(shop) {
      const rows = await sessionsOfShop(db, ring, shop);
      return rows.map(asSession);
    },
  };
}

function asSession(row: StoredSession): Session {
  return new Session(stored.parse(row.content) as unknown as SessionParams);
}
