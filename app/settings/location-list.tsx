import { Badge, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { LocationRow } from "../../prisma/locations.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { LOCATION_LIST_WORDS } from "./part-texts.ts";
import { NO_LOCATION, servesText } from "./settings-texts.ts";

interface Props {
  locations: LocationRow[];
  channels: { channel: string; title: string }[];
  onEdit(location: LocationRow): void;
}

/** Every location, the one that ships first on top. */
export function LocationList({ locations, channels, onEdit }: Props) {
  const { number } = useFormat();
  const title = channelTitle(channels);
  if (locations.length === 0) {
    return (
      <Card>
        <Text as="p">{NO_LOCATION}</Text>
      </Card>
    );
  }
  return (
    <Card padding="0">
      <DataTable
        caption={LOCATION_LIST_WORDS.locationsTheOneThat}
        columns={[
          { key: "name", title: "Location" },
          { key: "serves", title: "Ships for" },
          { key: "priority", title: "Priority", numeric: true },
          { key: "change", title: <span className="visually-hidden">Change</span>, label: " " },
        ]}
        rows={locations.map((location) => ({
          key: location.id,
          cells: [
            <Name key="name" location={location} />,
            servesText(location.serves, title),
            number(location.priority),
            <InlineStack key="change" align="end">
              <Button
                size="slim"
                onClick={() => onEdit(location)}
                accessibilityLabel={`Change ${location.name}`}
              >
                Change
              </Button>
            </InlineStack>,
          ],
        }))}
      />
    </Card>
  );
}

function Name({ location: { name, code, active } }: { location: LocationRow }) {
  return (
    <>
      {name} {active ? null : <Badge>Closed</Badge>}
      <span className="second-line">{code}</span>
    </>
  );
}
