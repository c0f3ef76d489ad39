import type { Permission } from "../../inventory/role.ts";
import { SECTIONS } from "./settings-texts.ts";

interface SettingsPage {
  url: `/app${string}`;
  title: string;
  text: string;
  permission: Permission;
}

/** Settings with a page of their own, linked from the settings page. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  { url: "/app/settings/locations", permission: "settings.change", ...SECTIONS.locations },
  { url: "/app/settings/team", permission: "team.manage", ...SECTIONS.team },
  { url: "/app/settings/tokens", permission: "tokens.manage", ...SECTIONS.tokens },
  { url: "/app/settings/webhooks", permission: "tokens.manage", ...SECTIONS.webhooks },
];
