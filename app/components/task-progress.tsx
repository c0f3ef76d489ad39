import { BlockStack, ProgressBar, Text } from "@shopify/polaris";
import type { TaskKind, TaskRow } from "../../prisma/tasks.ts";
import { taskText } from "../task-text.ts";
import { useFormat } from "../use-format.ts";
import { Time } from "./time.tsx";

/** How far the long work on a connection is, or how it ended. */
export function TaskProgress({ tasks }: { tasks: Partial<Record<TaskKind, TaskRow>> }) {
  const rows = [tasks.import, tasks.feed].filter((task) => task !== undefined);
  if (rows.length === 0) return null;
  return (
    <BlockStack gap="200">
      {rows.map((task) => (
        <Task key={task.kind} task={task} />
      ))}
    </BlockStack>
  );
}

function Task({ task }: { task: TaskRow }) {
  const format = useFormat();
  const { state, done, total, finishedAt } = task;
  const percent = total ? Math.min(100, Math.round((100 * done) / total)) : 0;
  const id = `task-${task.id}`;
  return (
    <BlockStack gap="100">
      <Text as="p" id={id}>
        {taskText(task, format)}
        {finishedAt ? (
          <Text as="span" tone="subdued">
            {" · "}
            <Time at={finishedAt} />
          </Text>
        ) : null}
      </Text>
      {state === "running" && total !== null ? (
        <ProgressBar progress={percent} size="small" ariaLabelledBy={id} />
      ) : null}
    </BlockStack>
  );
}
