import { useEffect, useState } from "react";

const UTC = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/**
 * A moment, in the reader's own time zone. The server does not know it and writes UTC; the text is
 * as long either way, so nothing moves when the browser takes over.
 */
export function Time({ at }: { at: Date | string }) {
  const date = new Date(at);
  const [text, setText] = useState(() => UTC.format(date));
  const iso = date.toISOString();
  useEffect(() => {
    const own = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
    setText(own.format(new Date(iso)));
  }, [iso]);
  return <time dateTime={iso}>{text}</time>;
}
