import { FormLayout, Select } from "@shopify/polaris";
import { isPhysicalBucket, PHYSICAL_BUCKETS } from "../../inventory/bucket.ts";
import { availableToSell, type Stock } from "../../inventory/stock.ts";
import { bucketText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import type { ItemPage } from "./item.server.ts";
import type { MoveValues } from "./move-card.tsx";

interface Props {
  values: MoveValues;
  set(name: keyof MoveValues): (value: string) => void;
  errors: Record<string, string>;
  page: ItemPage;
  /** The numbers the person decides about. */
  seen: Stock;
}

/** A closed location gets no new stock; what it still has may be moved away. */
export function isOpen({ active }: ItemPage["locations"][number]): boolean {
  return active;
}

/** From where, to where, which units, or for whom: what each kind of movement needs to know. */
export function MovePlaces(props: Props) {
  switch (props.values.type) {
    case "receive":
      return <Location {...props} />;
    case "adjust":
      return (
        <FormLayout>
          <Location {...props} />
          <Bucket {...props} />
        </FormLayout>
      );
    case "transfer":
      return <Transfer {...props} />;
    case "set-aside":
    case "give-back":
      return <Channel {...props} />;
  }
}

function Location({ values, set, errors, page }: Props) {
  return (
    <Select
      label="Location"
      name="location"
      options={options(page.locations.filter(isOpen))}
      value={values.location}
      onChange={set("location")}
      error={errors.location}
    />
  );
}

function Bucket({ values, set, errors }: Props) {
  return (
    <Select
      label="Which units"
      name="bucket"
      options={PHYSICAL_BUCKETS.map((bucket) => ({
        value: bucket,
        label: bucketText(bucket, (channel) => channel),
      }))}
      value={values.bucket}
      onChange={set("bucket")}
      error={errors.bucket}
    />
  );
}

function Transfer(props: Props) {
  const { values, set, errors, page, seen } = props;
  const { units } = useFormat();
  const { bucket, location } = values;
  const there = isPhysicalBucket(bucket) ? (seen.physical[bucket]?.[location] ?? 0) : 0;
  return (
    <FormLayout>
      <Select
        label="From"
        name="location"
        options={options(page.locations)}
        value={location}
        onChange={set("location")}
        error={errors.location}
        helpText={`${units(there)} there.`}
      />
      <Select
        label="To"
        name="to"
        options={options(page.locations.filter(isOpen))}
        value={values.to}
        onChange={set("to")}
        error={errors.to}
      />
      <Bucket {...props} />
    </FormLayout>
  );
}

function Channel({ values, set, errors, page, seen }: Props) {
  const { units } = useFormat();
  const titles = new Map(page.columns.map(({ channel, title }) => [channel, title]));
  const left = seen.allocated[values.channel] ?? 0;
  const help =
    values.type === "give-back"
      ? `${units(left)} set aside for it.`
      : `${units(Math.max(0, availableToSell(seen)))} available to all channels, ${units(left)} set aside for this one.`;
  return (
    <Select
      label="Channel"
      name="channel"
      options={[...titles].map(([value, label]) => ({ value, label }))}
      value={values.channel}
      onChange={set("channel")}
      error={errors.channel}
      helpText={help}
    />
  );
}

function options(locations: ItemPage["locations"]) {
  return locations.map(({ code, name }) => ({ value: code, label: name }));
}
