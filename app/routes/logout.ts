import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { endSignIn, endSignIns, signedIn } from "../../prisma/sign-ins.ts";
import { isSecure } from "../access/login.server.ts";
import { requireLoginShop } from "../access/login-shop.server.ts";
import { signInHeader, signInSecret } from "../access/sign-in-cookie.ts";

/** Signs this browser out, or every browser of the person. */
export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireLoginShop(context);
  const { db, now } = context.services;
  const secret = await signInSecret(request);
  const everywhere = (await request.formData()).get("everywhere") === "yes";
  if (secret !== null) {
    const person = everywhere ? await signedIn(db, shop.id, secret, new Date(now())) : null;
    if (person) await endSignIns(db, shop.id, person.id);
    await endSignIn(db, shop.id, secret);
  }
  const cookie = await signInHeader(null, isSecure(request, context.services));
  return redirect("/login", { headers: { "Set-Cookie": cookie } });
}

export const loader = () => redirect("/app");
