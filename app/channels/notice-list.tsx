import { Banner, BlockStack } from "@shopify/polaris";
import type { Permission } from "../../inventory/role.ts";
import { useCan } from "../access/use-person.ts";
import { useFormat } from "../use-format.ts";
import type { Notice } from "./channel-state.ts";
import { noticeText } from "./channel-texts.ts";
import type { ChannelView } from "./channels.server.ts";

/** What it takes to do what a notice asks for. */
const TAKES: Record<NonNullable<Notice["next"]>, Permission> = {
  reconnect: "channels.manage",
  "dead-letters": "letters.see",
  match: "listings.match",
  resume: "channels.manage",
  import: "channels.manage",
  "go-live": "onboarding.golive",
};

/** What a merchant should know of a connection, worst first, each with what to do next. */
export function NoticeList({ view }: { view: ChannelView }) {
  const can = useCan();
  const format = useFormat();
  if (view.notices.length === 0) return null;
  return (
    <BlockStack gap="200">
      {view.notices.map((notice) => {
        const action = notice.next && can(TAKES[notice.next]) ? actionOf(notice, view) : undefined;
        return (
          <Banner key={notice.code} tone={notice.tone} {...(action ? { action } : {})}>
            {noticeText(notice, view.title, format)}
          </Banner>
        );
      })}
    </BlockStack>
  );
}

function actionOf({ next }: Notice, { id, channel }: ChannelView) {
  switch (next) {
    case "reconnect":
      return { content: "Reconnect", url: `/app/channels/connect/${channel}` };
    case "dead-letters":
      return { content: "Decide", url: "/app/dead-letters" };
    case "match":
      return { content: "Match them", url: `/app/listings?show=unmatched&connection=${id}` };
    case "go-live":
      return { content: "See what would change", url: "/app/welcome" };
    case "resume":
    case "import":
      // Its page has the buttons.
      return {
        content: next === "resume" ? "To resume" : "To import again",
        url: `/app/channels/${id}#actions`,
      };
    case null:
      return undefined;
  }
}
