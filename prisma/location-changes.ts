import type { Queryable } from "./client.ts";

/** What an import may say of a location. */
export interface LocationFields {
  name: string;
  priority: number;
}

/** Makes a location, or gives the known one these fields. */
export async function putLocation(
  db: Queryable,
  shop: string,
  code: string,
  fields: LocationFields,
): Promise<void> {
  await db.location.upsert({
    where: { shopId_code: { shopId: shop, code } },
    create: { shopId: shop, code, ...fields },
    update: fields,
  });
}

/** Takes a location away at which nothing ever was. False: it is kept. */
export async function dropUnusedLocation(
  db: Queryable,
  shop: string,
  code: string,
): Promise<boolean> {
  const count = await db.$executeRaw`
    delete from location l where l.shop_id = ${shop} and l.code = ${code}
      and not exists (select from balance b where b.shop_id = ${shop} and b.location = l.code)`;
  return count > 0;
}
