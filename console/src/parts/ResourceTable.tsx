import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CollectionPreferences, { type CollectionPreferencesProps } from "@cloudscape-design/components/collection-preferences";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useEffect, useState } from "react";
import { Problem } from "./Problem";
import type { Remote } from "./useRemote";

export interface Column<T> extends TableProps.ColumnDefinition<T> {
  id: string;
  /** Not shown until it is chosen in the preferences. */
  isHidden?: boolean;
}

interface ResourceTableProps<T> {
  title: string;
  /** One of them and several, in lower case: "user", "users". */
  noun: [string, string];
  remote: Remote<T[]>;
  columns: Column<T>[];
  idOf: (item: T) => string;
  /** What the filter looks at. */
  textOf: (item: T) => string;
  actions?: ReactNode;
  filters?: ReactNode;
  description?: ReactNode;
  selection?: { type: "single" | "multi"; items: T[]; onChange: (items: T[]) => void };
  /** What to say where there is nothing at all. */
  empty?: ReactNode;
  /** Told which rows are in sight, for what is only asked of those. */
  onRows?: (items: T[]) => void;
  variant?: TableProps.Variant;
  headingTag?: "h1" | "h2" | "h3";
  pageSize?: number;
  /** A few rows at most: nothing to filter, to page, or to set. */
  isShort?: boolean;
}

/** A list of resources: filtered, sorted and paged here, since IAM's lists are whole. */
export function ResourceTable<T>(props: ResourceTableProps<T>) {
  const { title, noun, remote, columns, idOf, textOf, selection, onRows } = props;
  const [preferences, setPreferences] = useState<CollectionPreferencesProps.Preferences>({
    pageSize: props.pageSize ?? 20,
    wrapLines: false,
    visibleContent: columns.filter(({ isHidden }) => !isHidden).map(({ id }) => id),
  });
  const all = remote.data ?? [];
  const { items, filteredItemsCount, collectionProps, filterProps, paginationProps, actions } = useCollection(all, {
    filtering: {
      filteringFunction: (item, text) => textOf(item).toLowerCase().includes(text.trim().toLowerCase()),
      empty: <Empty>{props.empty ?? `There are no ${noun[1]} yet.`}</Empty>,
      noMatch: (
        <Empty>
          <SpaceBetween size="s">
            <div>No {noun[0]} matches the filter.</div>
            <Button onClick={() => actions.setFiltering("")}>Clear filter</Button>
          </SpaceBetween>
        </Empty>
      ),
    },
    pagination: { pageSize: preferences.pageSize ?? 20 },
    sorting: columns[0]?.sortingField !== undefined || columns[0]?.sortingComparator !== undefined
      ? { defaultState: { sortingColumn: columns[0] } }
      : {},
    selection: { trackBy: idOf },
  });
  const rows = items.map(idOf).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are made anew at each rendering: they are others where these are
  useEffect(() => onRows?.([...items]), [rows, remote.data]);

  return (
    <Table<T>
      {...collectionProps}
      variant={props.variant ?? "container"}
      items={items}
      columnDefinitions={columns}
      columnDisplay={columns.map(({ id }) => ({ id, visible: preferences.visibleContent?.includes(id) ?? true }))}
      wrapLines={preferences.wrapLines ?? false}
      trackBy={idOf}
      loading={remote.isLoading && remote.data === undefined}
      loadingText={`Loading ${noun[1]}`}
      selectedItems={selection?.items ?? []}
      {...(selection !== undefined && {
        selectionType: selection.type,
        onSelectionChange: ({ detail }: { detail: TableProps.SelectionChangeDetail<T> }) =>
          selection.onChange(detail.selectedItems),
      })}
      ariaLabels={{
        tableLabel: title,
        allItemsSelectionLabel: () => `Select all ${noun[1]}`,
        itemSelectionLabel: (_, item) => `Select ${idOf(item)}`,
        selectionGroupLabel: `Choice of ${noun[1]}`,
      }}
      header={
        <Header
          variant={props.headingTag ?? "h2"}
          counter={remote.data === undefined ? "" : `(${all.length})`}
          description={props.description}
          actions={props.actions}
        >
          {title}
        </Header>
      }
      filter={
        props.isShort ? undefined : <SpaceBetween direction="horizontal" size="s">
          <TextFilter
            {...filterProps}
            filteringAriaLabel={`Find ${noun[1]}`}
            filteringPlaceholder={`Find ${noun[1]}`}
            countText={`${filteredItemsCount ?? 0} ${filteredItemsCount === 1 ? "match" : "matches"}`}
          />
          {props.filters}
        </SpaceBetween>
      }
      pagination={props.isShort ? undefined : <Pagination {...paginationProps} />}
      preferences={
        props.isShort ? undefined : <CollectionPreferences
          title="Preferences"
          confirmLabel="Confirm"
          cancelLabel="Cancel"
          preferences={preferences}
          onConfirm={({ detail }) => setPreferences(detail)}
          pageSizePreference={{
            options: [10, 20, 50, 100].map((value) => ({ value, label: `${value} ${noun[1]}` })),
          }}
          wrapLinesPreference={{}}
          visibleContentPreference={{
            title: "Columns",
            options: [
              {
                label: "Columns",
                options: columns.map(({ id, header }, index) => ({ id, label: String(header), editable: index > 0 })),
              },
            ],
          }}
        />
      }
      empty={
        remote.error === undefined ? (
          collectionProps.empty
        ) : (
          <Problem error={remote.error} what={`Listing ${noun[1]}`} onRetry={remote.reload} />
        )
      }
    />
  );
}

function Empty({ children }: { children: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: "m" }}>
      {children}
    </Box>
  );
}
