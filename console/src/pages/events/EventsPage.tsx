import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import CollectionPreferences from "@cloudscape-design/components/collection-preferences";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useNavigate, useSearchParams } from "react-router-dom";
import { EVENTS_PER_PAGE, type TrailEvent } from "../../api/events";
import { EventsHelp } from "../../help/EventsHelp";
import { download } from "../../parts/download";
import { Problem } from "../../parts/Problem";
import { moment } from "../../parts/time";
import { usePreferences } from "../../parts/usePreferences";
import { paths } from "../../paths";
import { usePage } from "../../shell/page";
import { addressOf, queryOf } from "./address";
import { EventFilter } from "./EventFilter";
import { eventColumns } from "./eventColumns";
import { eventsCsv } from "./eventsCsv";
import { useEvents } from "./useEvents";

/** Who did what, and when. The query is in the address, so that it can be linked. */
export function EventsPage() {
  const navigate = useNavigate();
  const [address, setAddress] = useSearchParams();
  usePage({
    title: "Event history",
    crumbs: [
      { text: "CloudTrail", href: paths.events },
      { text: "Event history", href: paths.events },
    ],
    help: <EventsHelp />,
    contentType: "table",
  });
  const query = queryOf(address);
  const { pages, page, goTo, isLoading, error, isEnd, reload } = useEvents(query);
  const shown = pages[page] ?? [];
  const loaded = pages.flat();
  const columns = eventColumns((id, name) => (
    <Link
      href={paths.event(id)}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(paths.event(id));
      }}
    >
      {name}
    </Link>
  ));
  const [preferences, setPreferences] = usePreferences("events", {
    wrapLines: false,
    contentDisplay: columns.map(({ id, isHidden }) => ({ id, visible: !isHidden })),
  });

  return (
    <Table<TrailEvent>
      variant="full-page"
      items={shown}
      trackBy={({ EventId }) => EventId!}
      loading={isLoading && shown.length === 0}
      loadingText="Loading events"
      ariaLabels={{ tableLabel: "Event history" }}
      columnDefinitions={columns}
      columnDisplay={preferences.contentDisplay ?? []}
      wrapLines={preferences.wrapLines ?? false}
      resizableColumns
      preferences={
        <CollectionPreferences
          title="Preferences"
          confirmLabel="Confirm"
          cancelLabel="Cancel"
          preferences={preferences}
          onConfirm={({ detail }) => setPreferences(detail)}
          wrapLinesPreference={{}}
          contentDisplayPreference={{ options: columns.map(({ id, header }, index) => ({ id, label: header, alwaysVisible: index === 0 })) }}
        />
      }
      header={
        <Header
          variant="h1"
          description="The last 90 days of calls in this account."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel="Refresh events" loading={isLoading} onClick={reload} />
              <ButtonDropdown
                disabled={loaded.length === 0}
                items={[
                  { id: "csv", text: "Download as CSV" },
                  { id: "json", text: "Download as JSON" },
                ]}
                onItemClick={({ detail }) => save(detail.id, loaded)}
              >
                Download events
              </ButtonDropdown>
            </SpaceBetween>
          }
        >
          Event history
        </Header>
      }
      filter={<EventFilter query={query} onChange={(next) => setAddress(addressOf(next))} />}
      pagination={
        <Pagination
          currentPageIndex={page + 1}
          pagesCount={pages.length}
          openEnd={!isEnd}
          disabled={isLoading}
          onChange={({ detail }) => goTo(detail.currentPageIndex - 1)}
        />
      }
      empty={
        error !== undefined ? (
          <Problem error={error} what="Looking up events" onRetry={reload} />
        ) : (
          <Box textAlign="center" padding="m">
            No event matches.
          </Box>
        )
      }
      footer={
        <Box textAlign="center" color="text-body-secondary" fontSize="body-s">
          {EVENTS_PER_PAGE} events a page, newest first; times in {moment(new Date()).split(" ").at(-1)}
        </Box>
      }
    />
  );
}

function save(form: string, events: TrailEvent[]): void {
  if (form === "csv") {
    download("event_history.csv", eventsCsv(events), "text/csv");
    return;
  }
  const records = events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? "{}") as unknown);
  download("event_history.json", JSON.stringify({ Records: records }, null, 2), "application/json");
}
