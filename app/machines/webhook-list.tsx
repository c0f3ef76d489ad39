import { Badge, Link } from "@shopify/polaris";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { WEBHOOK_LIST_WORDS } from "./part-texts.ts";
import type { EndpointView } from "./webhook-pages.server.ts";

/** The endpoints there are, and how each is doing. */
export function WebhookList({ endpoints }: { endpoints: EndpointView[] }) {
  const { number } = useFormat();
  return (
    <TableCard
      title="Endpoints"
      text={WEBHOOK_LIST_WORDS.addressesOfYourOwn}
      none={WEBHOOK_LIST_WORDS.noProgramOfYours}
      columns={[
        { key: "url", title: "Address" },
        { key: "state", title: "State" },
        { key: "waiting", title: "Waiting", numeric: true },
        { key: "dead", title: "Given up", numeric: true },
        { key: "last", title: "Last delivered" },
      ]}
      rows={endpoints.map(({ id, url, description, events, enabled, figures }) => ({
        key: id,
        cells: [
          <span key="url" className="endpoint">
            <Link url={`/app/settings/webhooks/${id}`}>{url}</Link>
            <span className="second-line">{description}</span>
            <span className="second-line">{events.join(", ")}</span>
          </span>,
          <StateOf key="state" enabled={enabled} figures={figures} />,
          number(figures?.waiting ?? 0),
          <span key="dead" className={figures?.dead ? "number-bad" : undefined}>
            {number(figures?.dead ?? 0)}
          </span>,
          figures?.lastDeliveredAt ? <Time key="last" at={figures.lastDeliveredAt} /> : "never",
        ],
      }))}
    />
  );
}

function StateOf({ enabled, figures }: Pick<EndpointView, "enabled" | "figures">) {
  if (!enabled) return <Badge>Off</Badge>;
  const status = figures?.lastStatus ?? null;
  if (!figures?.lastAnswer && status === null) return <Badge tone="info">New</Badge>;
  const good = status !== null && status >= 200 && status < 300;
  return good ? <Badge tone="success">Working</Badge> : <Badge tone="warning">Not taking</Badge>;
}
