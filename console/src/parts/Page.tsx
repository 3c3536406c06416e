import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { type Crumb, type PageInfo, usePage } from "../shell/page";

interface PageProps {
  title: string;
  crumbs: Crumb[];
  help: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  contentType?: PageInfo["contentType"];
  children: ReactNode;
}

/** A page with its title, its place and its help. */
export function Page({ title, crumbs, help, description, actions, contentType = "default", children }: PageProps) {
  const shell = usePage({ title, crumbs, help, contentType });
  const info = (
    <Link variant="info" ariaLabel={`Info on ${title}`} onFollow={shell.openHelp}>
      Info
    </Link>
  );
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={info} description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  );
}
