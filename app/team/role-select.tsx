import { Select } from "@shopify/polaris";
import { ROLES } from "../../inventory/role.ts";
import { ROLE_DUTIES, ROLE_TITLES } from "./role-texts.ts";

interface Props {
  label: string;
  value: string;
  onChange(role: string): void;
  labelHidden?: boolean;
  disabled?: boolean;
  error?: string;
}

const OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_TITLES[role] }));

/** Asks for a role, and says what it is for where there is room to. */
export function RoleSelect(props: Props) {
  const role = ROLES.find((one) => one === props.value);
  const helpText = role && !props.labelHidden ? ROLE_DUTIES[role] : undefined;
  return <Select name="role" options={OPTIONS} helpText={helpText} {...props} />;
}
