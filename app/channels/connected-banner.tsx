import { Banner } from "@shopify/polaris";
import type { ChannelView } from "./channels.server.ts";

/** What has just happened to a merchant who is back from a marketplace. */
export function ConnectedBanner({ word, view }: { word: string | null; view: ChannelView }) {
  if (word === null || view.disconnected) return null;
  const text =
    word === "again"
      ? `${view.title} lets us in again. Its history is as it was, and its listings are taken over anew.`
      : `${view.title} is connected. What you list there is being taken over now; nothing is pushed before it is matched to one of your items.`;
  return <Banner tone="success">{text}</Banner>;
}
