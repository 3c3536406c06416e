import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { lazy, Suspense } from "react";
import { useParams } from "react-router-dom";
import { getEvent, recordOf } from "../../api/events";
import { authorizationIdIn } from "../../api/failures";
import { pretty } from "../../editor/documents";
import { EventsHelp } from "../../help/EventsHelp";
import { AppLink } from "../../parts/AppLink";
import { download } from "../../parts/download";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { moment } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { paths } from "../../paths";

const JsonEditor = lazy(async () => ({ default: (await import("../../editor/JsonEditor")).JsonEditor }));

/** One event, with its whole record. */
export function EventPage() {
  const { eventId = "" } = useParams();
  const event = useRemote(() => getEvent(eventId), [eventId]);
  const found = event.data;
  const record = found === undefined ? undefined : recordOf(found);
  const authorizationId = authorizationIdIn(record?.errorMessage ?? "");
  const text = pretty(found?.CloudTrailEvent ?? "");
  const eventsOf = (attribute: string, value: string) => `${paths.events}?${new URLSearchParams({ attribute, value })}`;

  return (
    <Page
      title={found?.EventName ?? "Event"}
      crumbs={[
        { text: "CloudTrail", href: paths.events },
        { text: "Event history", href: paths.events },
        { text: found?.EventName ?? eventId, href: paths.event(eventId) },
      ]}
      help={<EventsHelp />}
      actions={
        found !== undefined && (
          <Button iconName="download" onClick={() => download(`${eventId}.json`, text, "application/json")}>
            Download JSON
          </Button>
        )
      }
    >
      {event.error !== undefined && <Problem error={event.error} what="Looking up the event" onRetry={event.reload} />}
      {event.isLoading && found === undefined && <Waiting what="the event" />}
      {!event.isLoading && event.error === undefined && found === undefined && (
        <Alert type="info">There is no event {eventId}; events are kept for 90 days.</Alert>
      )}
      {found !== undefined && record !== undefined && (
        <SpaceBetween size="l">
          {record.errorCode !== undefined && (
            <Alert type="warning" header={`The call was refused: ${record.errorCode}`}>
              {record.errorMessage}
              {authorizationId !== undefined && (
                <div>
                  <AppLink href={paths.denial(authorizationId)}>Why was this denied?</AppLink>
                </div>
              )}
            </Alert>
          )}
          <Container header={<Header variant="h2">Details</Header>}>
            <KeyValuePairs
              columns={3}
              items={[
                { label: "Event time", value: moment(found.EventTime) },
                { label: "User name", value: found.Username === undefined ? "-" : <AppLink href={eventsOf("Username", found.Username)}>{found.Username}</AppLink> },
                { label: "Event source", value: found.EventSource },
                {
                  label: "AWS access key",
                  value: found.AccessKeyId === undefined ? "-" : <AppLink href={eventsOf("AccessKeyId", found.AccessKeyId)}>{found.AccessKeyId}</AppLink>,
                },
                { label: "Source IP address", value: record.sourceIPAddress ?? "-" },
                { label: "Region", value: record.awsRegion ?? "-" },
                { label: "Event ID", value: found.EventId },
                { label: "Read-only", value: found.ReadOnly },
                { label: "User agent", value: record.userAgent ?? "-" },
                {
                  label: "Resources",
                  value: found.Resources?.map(({ ResourceType, ResourceName }) => `${ResourceName} (${ResourceType})`).join(", ") || "-",
                },
              ]}
            />
          </Container>
          <Container header={<Header variant="h2">Event record</Header>}>
            <Suspense fallback={<Waiting what="the record" />}>
              <JsonEditor label="Event record" value={text} onChange={undefined} check={undefined} />
            </Suspense>
          </Container>
        </SpaceBetween>
      )}
    </Page>
  );
}
