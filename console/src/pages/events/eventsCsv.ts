import { recordOf, type TrailEvent } from "../../api/events";

const COLUMNS = ["Event time", "User name", "Event name", "Event source", "Resources", "AWS access key", "Source IP", "Error code", "Event ID"];

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export function eventsCsv(events: TrailEvent[]): string {
  const lines = events.map((event) => {
    const { sourceIPAddress = "", errorCode = "" } = recordOf(event);
    const resources = (event.Resources ?? []).map(({ ResourceType, ResourceName }) => `${ResourceType}:${ResourceName}`);
    return [
      event.EventTime?.toISOString() ?? "",
      event.Username ?? "",
      event.EventName ?? "",
      event.EventSource ?? "",
      resources.join(" "),
      event.AccessKeyId ?? "",
      sourceIPAddress,
      errorCode,
      event.EventId ?? "",
    ];
  });
  return [COLUMNS, ...lines].map((line) => line.map(quoted).join(",")).join("\n");
}
