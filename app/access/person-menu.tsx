import { useSubmit } from "@remix-run/react";
import { Avatar, TopBar } from "@shopify/polaris";
import { useState } from "react";
import { ROLES, type Role } from "../../inventory/role.ts";
import { ROLE_TITLES } from "../team/role-texts.ts";
import { useCan } from "./use-person.ts";

interface Props {
  person: { name: string; role: Role; entry: "password" | "shopify" | "demo" };
}

/** Who is logged in. In the demo it is also the way to look at the pages as somebody else. */
export function PersonMenu({ person: { name, role, entry } }: Props) {
  const [open, setOpen] = useState(false);
  const submit = useSubmit();
  const can = useCan();
  const lookAs = (as: Role) => submit({ role: as }, { method: "post", action: "/app/demo-role" });
  const roles = ROLES.map((as) => ({
    content: `Look as ${ROLE_TITLES[as]}`,
    active: as === role,
    onAction: () => lookAs(as),
  }));
  const account = [
    { content: "Your account", url: "/app/account" },
    ...(can("team.manage") ? [{ content: "Team", url: "/app/settings/team" }] : []),
    { content: "Log out", onAction: () => submit(null, { method: "post", action: "/logout" }) },
  ];
  return (
    <TopBar.UserMenu
      name={name}
      detail={ROLE_TITLES[role]}
      initials={undefined}
      customActivator={<Activator name={name} role={ROLE_TITLES[role]} />}
      accessibilityLabel={`${name} ${ROLE_TITLES[role]}`}
      open={open}
      onToggle={() => setOpen(!open)}
      actions={[{ items: entry === "demo" ? roles : account }]}
    />
  );
}

/** What is read aloud is what is to be seen, word for word. */
function Activator({ name, role }: { name: string; role: string }) {
  return (
    <span className="person">
      <span className="person-name">
        {name} <span>{role}</span>
      </span>
      <Avatar size="md" />
    </span>
  );
}
