import { useSubmit } from "@remix-run/react";
import { TopBar } from "@shopify/polaris";
import { useState } from "react";
import { ROLES, type Role } from "../../inventory/role.ts";
import { ROLE_TITLES } from "../role-texts.ts";

interface Props {
  person: { name: string; role: Role };
  demo: boolean;
}

/** Who is signed in. In the demo it is also the way to look at the pages as somebody else. */
export function PersonMenu({ person: { name, role }, demo }: Props) {
  const [open, setOpen] = useState(false);
  const submit = useSubmit();
  const lookAs = (as: Role) => submit({ role: as }, { method: "post", action: "/app/demo-role" });
  const items = ROLES.map((as) => ({
    content: `Look as ${ROLE_TITLES[as]}`,
    active: as === role,
    onAction: () => lookAs(as),
  }));
  return (
    <TopBar.UserMenu
      name={name}
      detail={ROLE_TITLES[role]}
      initials={initialsOf(name)}
      accessibilityLabel={`${name}, ${ROLE_TITLES[role]}`}
      open={open}
      onToggle={() => setOpen(!open)}
      actions={demo ? [{ items }] : []}
    />
  );
}

/** "Ada Lovelace" as "AL". */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const letters = words.map((word) => word.slice(0, 1).toUpperCase());
  return letters.slice(0, 2).join("");
}
