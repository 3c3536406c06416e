import Box from "@cloudscape-design/components/box";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { recordOf, type TrailEvent } from "../../api/events";
import { shortMoment } from "../../parts/time";

export interface EventColumn extends TableProps.ColumnDefinition<TrailEvent> {
  id: string;
  header: string;
  /** Not shown until it is chosen in the preferences. */
  isHidden?: boolean;
}

/** What is known of an event; the widths leave room for the key and the error in a window of 1440 pixels. */
export const eventColumns = (link: (id: string, name: string) => ReactNode): EventColumn[] => [
  { id: "name", header: "Event name", cell: ({ EventId, EventName }) => link(EventId!, EventName!), isRowHeader: true, width: 138 },
  { id: "time", header: "Event time", cell: ({ EventTime }) => shortMoment(EventTime), width: 150 },
  { id: "user", header: "User name", cell: ({ Username }) => Username ?? "-", width: 112 },
  { id: "source", header: "Event source", cell: ({ EventSource }) => EventSource, width: 125 },
  {
    id: "resource",
    header: "Resource name",
    cell: ({ Resources }) => Resources?.map(({ ResourceName }) => ResourceName).join(", ") || "-",
    width: 140,
  },
  { id: "key", header: "AWS access key", cell: ({ AccessKeyId }) => AccessKeyId ?? "-", width: 210 },
  { id: "error", header: "Error code", cell: errorCell, width: 200 },
  { id: "type", header: "Resource type", cell: ({ Resources }) => Resources?.map(({ ResourceType }) => ResourceType).join(", ") || "-", isHidden: true, width: 150 },
  { id: "readOnly", header: "Read-only", cell: ({ ReadOnly }) => ReadOnly ?? "-", isHidden: true, width: 110 },
  { id: "region", header: "AWS region", cell: (event) => recordOf(event).awsRegion ?? "-", isHidden: true, width: 120 },
  { id: "address", header: "Source IP address", cell: (event) => recordOf(event).sourceIPAddress ?? "-", isHidden: true, width: 160 },
  { id: "agent", header: "User agent", cell: (event) => recordOf(event).userAgent ?? "-", isHidden: true, width: 200 },
  { id: "id", header: "Event ID", cell: ({ EventId }) => EventId, isHidden: true, width: 320 },
];

function errorCell(event: TrailEvent): ReactNode {
  const { errorCode } = recordOf(event);
  return errorCode === undefined ? "-" : <Box variant="span" color="text-status-error">{errorCode}</Box>;
}
