import { Link, useLocation } from "@remix-run/react";
import { Frame, Navigation, TopBar } from "@shopify/polaris";
import {
  AlertCircleIcon,
  CartIcon,
  ClockIcon,
  FlagIcon,
  HomeIcon,
  ImportIcon,
  InventoryIcon,
  ProductListIcon,
  SettingsIcon,
  ShieldCheckMarkIcon,
  StoreIcon,
  UndoIcon,
} from "@shopify/polaris-icons";
import { type ComponentProps, type ReactNode, useState } from "react";
import { PersonMenu } from "../access/person-menu.tsx";
import { useCan } from "../access/use-person.ts";
import { type PAGES, pagesFor } from "../pages.ts";

const ICONS = {
  "/app": HomeIcon,
  "/app/items": InventoryIcon,
  "/app/holds": CartIcon,
  "/app/welcome": FlagIcon,
  "/app/channels": StoreIcon,
  "/app/listings": ProductListIcon,
  "/app/buffers": ShieldCheckMarkIcon,
  "/app/history": ClockIcon,
  "/app/import": ImportIcon,
  "/app/batches": UndoIcon,
  "/app/dead-letters": AlertCircleIcon,
  "/app/settings": SettingsIcon,
} satisfies Record<(typeof PAGES)[number]["url"], unknown>;

interface Props {
  shop: string;
  person: ComponentProps<typeof PersonMenu>["person"];
  /** Something of the shop is not live yet. */
  starting: boolean;
  children: ReactNode;
}

/** What Shopify's admin would put around the pages. */
export function StandaloneFrame({ shop, person, starting, children }: Props) {
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const items = pagesFor(useCan(), starting).map((page) => ({
    ...page,
    icon: ICONS[page.url],
    exactMatch: page.url === "/app",
    selected: page.url === "/app" ? isHome(pathname) : pathname.startsWith(page.url),
    onClick: () => setOpen(false),
  }));
  return (
    <Frame
      topBar={
        <TopBar
          showNavigationToggle
          onNavigationToggle={() => setOpen(!open)}
          contextControl={<Brand />}
          userMenu={<PersonMenu person={person} />}
        />
      }
      showMobileNavigation={open}
      onNavigationDismiss={() => setOpen(false)}
      navigation={
        <Navigation location={pathname}>
          <Navigation.Section title={shop} items={items} />
        </Navigation>
      }
    >
      <div className="page-bottom">{children}</div>
    </Frame>
  );
}

function Brand() {
  return (
    <header>
      <Link to="/app" className="brand">
        <img src="/favicon.svg" alt="" width={24} height={24} />
        Ballast
      </Link>
    </header>
  );
}

function isHome(pathname: string): boolean {
  return pathname === "/app" || pathname === "/app/";
}
