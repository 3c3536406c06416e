import { listLastAccessed, type ServiceLastAccessed } from "../../api/lastAccessed";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";

/** Which services somebody may use, and when they last did. */
export function LastAccessedTab({ arn }: { arn: string }) {
  const remote = useRemote(() => listLastAccessed(arn), [arn]);
  return (
    <ResourceTable<ServiceLastAccessed>
      title="Allowed services"
      noun={["service", "services"]}
      description="What the policies allow, and when it was last used. What is never used need not be allowed."
      remote={remote}
      idOf={({ ServiceNamespace }) => ServiceNamespace!}
      textOf={({ ServiceName, ServiceNamespace }) => `${ServiceName} ${ServiceNamespace}`}
      empty="No policy allows any service."
      columns={[
        {
          id: "service",
          header: "Service",
          cell: ({ ServiceName }) => ServiceName,
          sortingComparator: (a, b) => a.ServiceName!.localeCompare(b.ServiceName!),
          isRowHeader: true,
        },
        { id: "namespace", header: "Prefix", cell: ({ ServiceNamespace }) => ServiceNamespace },
        {
          id: "last",
          header: "Last accessed",
          cell: ({ LastAuthenticated }) => (LastAuthenticated === undefined ? "Not accessed" : age(LastAuthenticated)),
          sortingComparator: (a, b) => (a.LastAuthenticated?.getTime() ?? 0) - (b.LastAuthenticated?.getTime() ?? 0),
        },
        { id: "region", header: "Region", cell: ({ LastAuthenticatedRegion }) => LastAuthenticatedRegion ?? "-" },
      ]}
    />
  );
}
