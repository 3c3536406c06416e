import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { recordOf, type TrailEvent } from "../../api/events";
import { moment } from "../../parts/time";

export const eventColumns = (link: (id: string, name: string) => ReactNode): TableProps.ColumnDefinition<TrailEvent>[] => [
  { id: "name", header: "Event name", cell: ({ EventId, EventName }) => link(EventId!, EventName!), isRowHeader: true },
  { id: "time", header: "Event time", cell: ({ EventTime }) => moment(EventTime) },
  { id: "user", header: "User name", cell: ({ Username }) => Username ?? "-" },
  { id: "source", header: "Event source", cell: ({ EventSource }) => EventSource },
  { id: "resource", header: "Resource name", cell: ({ Resources }) => Resources?.map(({ ResourceName }) => ResourceName).join(", ") || "-" },
  { id: "key", header: "AWS access key", cell: ({ AccessKeyId }) => AccessKeyId ?? "-" },
  {
    id: "error",
    header: "Error code",
    cell: (event) => {
      const { errorCode } = recordOf(event);
      return errorCode === undefined ? "-" : <StatusIndicator type="error">{errorCode}</StatusIndicator>;
    },
  },
];
