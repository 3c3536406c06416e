import AppLayout from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Flashbar from "@cloudscape-design/components/flashbar";
import { Suspense, useEffect, useMemo, useState } from "react";
import { Outlet, useLocation, useNavigate } from "react-router-dom";
import { Waiting } from "../parts/Waiting";
import { paths } from "../paths";
import { GeneralHelp } from "./GeneralHelp";
import { dismiss, leavePage, useNotices } from "./notices";
import { type PageInfo, ShellContext } from "./page";
import { SideNav } from "./SideNav";
import { MAIN_CONTENT, SkipLink } from "./SkipLink";
import { TopBar } from "./TopBar";

const NO_PAGE: PageInfo = { title: "", crumbs: [], help: null, contentType: "default" };
const isNarrow = (): boolean => window.innerWidth < 1100;

/** What is around every page of a signed-in person. */
export function Shell() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const notices = useNotices();
  const [page, show] = useState(NO_PAGE);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isNavigationOpen, setNavigationOpen] = useState(() => !isNarrow());
  const controls = useMemo(() => ({ show, openHelp: () => setHelpOpen(true) }), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is done because the path is another
  useEffect(leavePage, [pathname]);
  const home = pathname === paths.home;
  const crumbs = [{ text: "Keywright", href: paths.home }, ...page.crumbs];

  return (
    <ShellContext value={controls}>
      <SkipLink />
      <div id="top-bar">
        <TopBar />
      </div>
      <AppLayout
        headerSelector="#top-bar"
        contentType={page.contentType}
        navigation={<SideNav />}
        navigationHide={home}
        navigationOpen={isNavigationOpen && page.contentType !== "wizard"}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        tools={page.help ?? <GeneralHelp />}
        toolsOpen={isHelpOpen}
        onToolsChange={({ detail }) => setHelpOpen(detail.open)}
        breadcrumbs={
          home ? undefined : (
            <BreadcrumbGroup
              items={crumbs}
              ariaLabel="Breadcrumbs"
              onFollow={(event) => {
                event.preventDefault();
                void navigate(event.detail.href);
              }}
            />
          )
        }
        stickyNotifications
        notifications={
          <Flashbar
            items={notices.map((notice) => ({
              id: notice.id,
              type: notice.type,
              header: notice.header,
              content: notice.content,
              dismissible: true,
              dismissLabel: "Dismiss",
              onDismiss: () => dismiss(notice.id),
            }))}
          />
        }
        ariaLabels={{
          navigation: "Side navigation",
          navigationToggle: "Open side navigation",
          navigationClose: "Close side navigation",
          notifications: "Notifications",
          tools: "Help panel",
          toolsToggle: "Open help panel",
          toolsClose: "Close help panel",
        }}
        content={
          <div {...MAIN_CONTENT}>
            <Suspense fallback={<Waiting what="the page" />}>
              <Outlet />
            </Suspense>
          </div>
        }
      />
    </ShellContext>
  );
}
