import { Card } from "@shopify/polaris";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import type { ReactNode } from "react";

/** A page in front of the door: somebody is not signed in yet. */
export function DoorPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <AppProvider apiKey="" isEmbeddedApp={false}>
      <main className="door">
        <p className="brand">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          Ballast
        </p>
        <Card padding={{ xs: "400", sm: "600" }}>
          <h1 className="door-title">{title}</h1>
          {children}
        </Card>
      </main>
    </AppProvider>
  );
}
